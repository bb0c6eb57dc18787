import type { ReactNode } from "react";
import { cn } from "./cn";

export interface CardProps {
  title?: ReactNode;
  /** Muted words right after the title. */
  note?: ReactNode;
  /** Right end of the title line. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Card({ title, note, aside, className, children }: CardProps) {
  return (
    <section className={cn("panel card min-w-0", className)}>
      {title !== undefined && (
        <header className="mb-1 flex flex-wrap items-baseline gap-x-2">
          <h2 className="font-semibold text-sm">{title}</h2>
          {note !== undefined && <span className="text-muted">{note}</span>}
          {aside !== undefined && <span className="ml-auto text-muted">{aside}</span>}
        </header>
      )}
      {children}
    </section>
  );
}
