import type { ReactNode } from "react";
import { ThemeToggle } from "@/components/shell/theme-toggle";

export interface EntranceProps {
  title: string;
  description: ReactNode;
  children: ReactNode;
}

/** The one narrow panel of the pages before the shell. */
export function Entrance({ title, description, children }: EntranceProps) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="flex h-12 items-center justify-between px-4 sm:px-6">
        <span className="font-semibold text-base tracking-tight">Trainyard</span>
        <ThemeToggle />
      </header>
      <main className="grid place-items-center px-4 pb-24">
        <div className="panel w-full max-w-sm p-6">
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          <div className="mt-1 mb-5 text-muted">{description}</div>
          {children}
        </div>
      </main>
    </div>
  );
}
