import type { ReactNode } from "react";

export interface EmptyStateProps {
  title: string;
  /** What to do first, one or two sentences. */
  children: ReactNode;
  actions?: ReactNode;
}

export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg border border-dashed px-6 py-8">
      <div className="max-w-prose">
        <h2 className="font-semibold text-base">{title}</h2>
        <div className="mt-1 text-muted">{children}</div>
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
