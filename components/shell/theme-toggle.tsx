"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { readTheme, subscribeTheme, type Theme, writeTheme } from "./theme";

const NEXT = { system: "light", light: "dark", dark: "system" } as const satisfies Record<Theme, Theme>;
const ICON = { system: Monitor, light: Sun, dark: Moon } as const;

/** System, light, dark, and round again. */
export function ThemeToggle() {
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => "system" as const);
  const Icon = ICON[theme];
  const label = `Theme: ${theme}. Change to ${NEXT[theme]}`;
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={label}
      title={label}
      onClick={() => writeTheme(NEXT[theme])}
    >
      <Icon />
    </Button>
  );
}
