"use client";

import { type ReactNode, useCallback, useState } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { CommandsCard } from "./commands-card";
import { IssuesCard, type IssuesCardProps } from "./issues-card";
import type { Preview } from "./use-preview";

export interface PreviewColumnProps extends Omit<IssuesCardProps, "isCurrent"> {
  preview: Preview;
  estimate: ReactNode;
  runName: string;
  /** The part of the form that is open: its command is the one shown. */
  part: string;
}

/** Beside the form, in sight while it scrolls: what is wrong or doubtful, and exactly what would run. */
export function PreviewColumn({ preview, estimate, runName, part, ...issues }: PreviewColumnProps) {
  "use memo";
  const [picked, setPicked] = useState<{ part: string; shown: string } | null>(null);
  const shown = picked?.part === part ? picked.shown : part;
  const onShownChange = useCallback((next: string) => setPicked({ part, shown: next }), [part]);
  const { data, error, isCurrent } = preview;
  return (
    <div className="flex min-w-0 flex-col gap-3 xl:sticky xl:top-16 xl:max-h-[calc(100dvh-140px)] xl:overflow-y-auto">
      {(data || error || issues.fixes.rows.length > 0) && <IssuesCard {...issues} isCurrent={isCurrent} />}
      {estimate}
      {data && <CommandsCard preview={data} runName={runName} shown={shown} onShownChange={onShownChange} />}
      {!data && !error && <Skeleton className="h-96 rounded-lg" />}
    </div>
  );
}
