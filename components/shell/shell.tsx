import Link from "next/link";
import type { ReactNode } from "react";
import { DataProvider } from "@/components/hooks/data-provider";
import { Toaster } from "@/components/ui/toast";
import { LiveIndicator } from "./live-indicator";
import { NavBar, NavLinks } from "./nav-links";
import { ThemeToggle } from "./theme-toggle";
import { UserMenu, type UserMenuProps } from "./user-menu";

/** The frame of every page for people who are signed in. */
export function Shell({ user, children }: { user: UserMenuProps; children: ReactNode }) {
  return (
    <DataProvider>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:border focus:bg-panel focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-12 items-center gap-4 border-b bg-bg px-4 sm:gap-6 sm:px-6">
        <Link href="/" className="rounded font-semibold text-base tracking-tight">
          Trainyard
        </Link>
        <NavLinks />
        <div className="ml-auto flex items-center gap-2">
          <LiveIndicator />
          <ThemeToggle />
          <UserMenu {...user} />
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-[1600px] px-4 pt-5 pb-24 outline-none sm:px-6 sm:pb-10"
      >
        {children}
      </main>
      <NavBar />
      <Toaster />
    </DataProvider>
  );
}
