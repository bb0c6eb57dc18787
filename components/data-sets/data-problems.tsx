import { CircleCheck } from "lucide-react";
import { SEVERITY_LOOK } from "@/components/status/severity-look";
import { Button } from "@/components/ui/button";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { Fix } from "@/server/contracts/runs";
import { STAGE_KINDS, STAGE_LABEL } from "@/server/contracts/statuses";
import { problemsOf } from "./prepare-problems";

export interface DataProblemsProps {
  preview: DataPreview;
  /** Left out: there is no run to fix. */
  onFix?: (changes: Fix["changes"]) => void;
}

/** What keeps the rows from training: for the stages of a run, or for any. */
export function DataProblems({ preview, onFix }: DataProblemsProps) {
  const problems = problemsOf(preview);
  if (problems.length === 0) {
    return (
      <p className="flex gap-2">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" /> Training can read what was
        looked at.
      </p>
    );
  }
  return (
    <ul aria-label="What keeps it from training" className="flex flex-col gap-2">
      {problems.map(({ severity, part, stages, message, hint, fix }) => {
        const { icon: Icon, word, className } = SEVERITY_LOOK[severity];
        return (
          <li key={`${part} ${stages.join()} ${message}`} className="flex gap-2">
            <Icon aria-label={word} className={`mt-0.5 size-4 shrink-0 ${className}`} />
            <div className="min-w-0 flex-1 break-words">
              {stages.length < STAGE_KINDS.length && (
                <p className="text-muted text-xs">{stages.map((stage) => STAGE_LABEL[stage]).join(" · ")}</p>
              )}
              <p>{message}</p>
              {hint !== null && <p className="text-muted">{hint}</p>}
              {fix && onFix && (
                <Button size="sm" className="mt-1" onClick={() => onFix(fix.changes)}>
                  {fix.label}
                </Button>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
