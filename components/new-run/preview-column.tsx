"use client";

import { type ReactNode, useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { Skeleton } from "@/components/ui/skeleton";
import type { Fix } from "@/server/contracts/runs";
import { CommandsCard } from "./commands-card";
import { IssuesCard } from "./issues-card";
import type { Issue } from "./prepare-issues";
import type { Preview } from "./use-preview";

export interface PreviewColumnProps {
  preview: Preview;
  issues: readonly Issue[];
  estimate: ReactNode;
  runName: string;
  /** The part of the form that is open: its command is the one shown. */
  part: string;
  onFix: (changes: Fix["changes"]) => void;
  onShow: (path: string) => void;
}

/** Beside the form, in sight while it scrolls: what is wrong or doubtful, and exactly what would run. */
export function PreviewColumn({
  preview,
  issues,
  estimate,
  runName,
  part,
  onFix,
  onShow,
}: PreviewColumnProps) {
  const [picked, setPicked] = useState<{ part: string; shown: string } | null>(null);
  const shown = picked?.part === part ? picked.shown : part;
  const { data, error, retry } = preview;
  return (
    <div className="flex min-w-0 flex-col gap-3 xl:sticky xl:top-16 xl:max-h-[calc(100dvh-140px)] xl:overflow-y-auto">
      {error && error.code !== "VALIDATION" && (
        <ErrorNotice error={error} title="The parameters could not be checked." onRetry={retry} />
      )}
      {(data || issues.length > 0) && <IssuesCard issues={issues} onFix={onFix} onShow={onShow} />}
      {estimate}
      {data && (
        <CommandsCard
          preview={data}
          runName={runName}
          shown={shown}
          onShownChange={(next) => setPicked({ part, shown: next })}
        />
      )}
      {!data && !error && <Skeleton className="h-96 rounded-lg" />}
    </div>
  );
}
