import type { ReactNode } from "react";

export interface PageHeaderProps {
  title: ReactNode;
  /** Facts under the title; each a span. */
  facts?: ReactNode;
  /** Buttons, the one primary last. */
  actions?: ReactNode;
}

export function PageHeader({ title, facts, actions }: PageHeaderProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0 grow basis-56">
        <h1 className="truncate font-semibold text-xl tracking-tight">{title}</h1>
        <div className="mt-0.5 flex min-h-5 flex-wrap gap-x-4 text-muted">{facts}</div>
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
