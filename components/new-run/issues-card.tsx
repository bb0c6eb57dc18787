"use client";

import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { Fix } from "@/server/contracts/runs";
import type { Issue } from "./prepare-issues";

export interface IssuesCardProps {
  issues: readonly Issue[];
  onFix: (changes: Fix["changes"]) => void;
  onShow: (path: string) => void;
}

const SEVERITY = {
  error: { icon: CircleAlert, word: "error", className: "text-bad" },
  warning: { icon: TriangleAlert, word: "warning", className: "text-warn" },
  note: { icon: Info, word: "note", className: "text-muted" },
} as const satisfies Record<Issue["severity"], object>;

/** What stands against the start, what is doubtful, and what to know: each with its field and, where there is one, the fix. */
export function IssuesCard({ issues, onFix, onShow }: IssuesCardProps) {
  const errors = issues.filter(({ severity }) => severity === "error").length;
  return (
    <Card
      title="Before it starts"
      aside={
        errors === 0 ? (
          <span className="inline-flex items-center gap-1.5">
            <CircleCheck aria-hidden className="size-3.5 text-ok" /> ready
          </span>
        ) : (
          <span className="text-bad">
            <span className="num">{errors}</span> to correct
          </span>
        )
      }
    >
      {issues.length === 0 ? (
        <p className="py-1 text-muted">Nothing stands against it.</p>
      ) : (
        <ScrollRegion label="What is wrong or doubtful" className="max-h-[40dvh]">
          <ul>
            {issues.map((issue) => (
              <IssueRow key={`${issue.path} ${issue.message}`} issue={issue} onFix={onFix} onShow={onShow} />
            ))}
          </ul>
        </ScrollRegion>
      )}
    </Card>
  );
}

function IssueRow({ issue, onFix, onShow }: Omit<IssuesCardProps, "issues"> & { issue: Issue }) {
  const { icon: Icon, word, className } = SEVERITY[issue.severity];
  const { path, where, message, fix } = issue;
  return (
    <li className="flex gap-2 border-line-faint border-t py-1.5 first:border-t-0">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${className}`} />
      <div className="min-w-0 flex-1">
        <span className="sr-only">{word}: </span>
        {where !== null && path !== null && (
          <button
            type="button"
            className="block rounded text-left font-medium underline-offset-2 hover:underline"
            onClick={() => onShow(path)}
          >
            {where}
          </button>
        )}
        <span className={where === null ? "" : "text-muted"}>{message}</span>
        {fix && (
          <span className="mt-1 block">
            <Button size="sm" onClick={() => onFix(fix.changes)}>
              {fix.label}
            </Button>
          </span>
        )}
      </div>
    </li>
  );
}
