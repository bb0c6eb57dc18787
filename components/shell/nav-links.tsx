"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { isCurrent, NAV_ITEMS } from "./nav-items";

/** In the top bar from 640 px. */
export function NavLinks() {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="hidden gap-6 sm:flex">
      {NAV_ITEMS.map(({ href, label }) => {
        const isHere = isCurrent(href, pathname);
        return (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? "page" : undefined}
            className={cn("transition-calm rounded hover:text-fg", isHere ? "text-fg" : "text-muted")}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}

/** Along the bottom of a phone. */
export function NavBar() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {NAV_ITEMS.map(({ href, label, icon: Icon }) => {
        const isHere = isCurrent(href, pathname);
        return (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? "page" : undefined}
            className={cn(
              "flex h-14 flex-1 flex-col items-center justify-center gap-1 text-2xs -outline-offset-2",
              isHere ? "text-fg" : "text-muted",
            )}
          >
            <Icon aria-hidden className="size-4" />
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
