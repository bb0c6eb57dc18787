import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { Fix } from "@/server/contracts/runs";
import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "@/server/contracts/statuses";

const LOOK = {
  error: { icon: CircleAlert, word: "Error", className: "text-bad" },
  warning: { icon: TriangleAlert, word: "Warning", className: "text-warn" },
  note: { icon: Info, word: "Note", className: "text-muted" },
} as const;

export interface DataProblemsProps {
  preview: DataPreview;
  /** Left out: there is no run to fix. */
  onFix?: (changes: Fix["changes"]) => void;
}

interface Shown {
  severity: keyof typeof LOOK;
  stages: readonly StageKind[];
  message: string;
  hint: string | null;
  fix: Fix | null;
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
      {problems.map(({ severity, stages, message, hint, fix }) => {
        const { icon: Icon, word, className } = LOOK[severity];
        return (
          <li key={`${stages.join()} ${message}`} className="flex gap-2">
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

function problemsOf({ problems, findings }: DataPreview): Shown[] {
  const told: Shown[] = problems.map((problem) => ({ ...problem, fix: null }));
  // What a finding says of a run, its problem has said already, but for the lengths and the split.
  const more = findings.filter(({ message }) => !problems.some((one) => message.startsWith(one.message)));
  const fixes = findings.filter(({ fix }) => fix !== undefined);
  return [
    ...told.map((one) => ({
      ...one,
      fix: fixes.find(({ message }) => message.startsWith(one.message))?.fix ?? null,
    })),
    ...more.map(({ severity, stage, message, fix }) => ({
      ...{ severity, message, hint: null, fix: fix ?? null },
      stages: stage === null ? [...STAGE_KINDS] : [stage],
    })),
  ];
}
