"use client";

import { CircleUserRound, LogOut, Settings } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";

export interface UserMenuProps {
  name: string;
  email: string;
}

const ITEM =
  "transition-calm flex h-8 w-full items-center pointer-coarse:h-11 gap-2 rounded-md px-2 text-left hover:bg-fill";
const MENU_ID = "user-menu";

export function UserMenu({ name, email }: UserMenuProps) {
  const [isLeaving, setLeaving] = useState(false);
  return (
    <>
      <Button variant="ghost" size="icon-sm" aria-label="Account" popoverTarget={MENU_ID}>
        <CircleUserRound />
      </Button>
      {/* The platform's popover: closes by Escape and by a click elsewhere, and costs no script. */}
      <div
        id={MENU_ID}
        popover="auto"
        className="fixed inset-auto top-12 right-4 m-0 w-60 rounded-lg border bg-panel p-1 text-fg sm:right-6"
      >
        <div className="border-b px-2 pt-1 pb-2">
          <div className="truncate font-medium">{name}</div>
          <div className="truncate text-muted text-xs">{email}</div>
        </div>
        <div className="pt-1">
          <Link href="/settings" className={ITEM} onClick={closeMenu}>
            <Settings aria-hidden className="size-4" />
            Settings
          </Link>
          <button
            type="button"
            className={ITEM}
            disabled={isLeaving}
            onClick={() => {
              setLeaving(true);
              void signOut().finally(() => setLeaving(false));
            }}
          >
            <LogOut aria-hidden className="size-4" />
            Sign out
          </button>
        </div>
      </div>
    </>
  );
}

function closeMenu(): void {
  document.getElementById(MENU_ID)?.hidePopover();
}

async function signOut(): Promise<void> {
  await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  location.assign("/sign-in");
}
