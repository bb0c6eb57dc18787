import type { ReactNode } from "react";

export interface FormSectionProps {
  title: string;
  children: ReactNode;
}

/** A hairline, the heading at the left from 640 px on, and what belongs to it. */
export function FormSection({ title, children }: FormSectionProps) {
  return (
    <section className="grid gap-x-4 gap-y-2 border-t py-3 first:border-t-0 first:pt-0 sm:grid-cols-[104px_minmax(0,1fr)]">
      <h2 className="font-semibold text-sm">{title}</h2>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
