"use client";

import { useResource } from "@/components/hooks/use-resource";
import { LogTail } from "@/components/logs/log-tail";
import { StatusBadge } from "@/components/status/status-badge";
import { Button } from "@/components/ui/button";
import type { EvaluationView } from "@/server/contracts/evaluations";
import type { AttemptView } from "@/server/contracts/runs";
import { silentModels } from "./answer-rows";

export interface EvaluationProblemProps {
  evaluation: EvaluationView;
  onOpenLog: () => void;
}

/** The evidence first: why it ended, which models gave no answer, what the log said last, and the way on. */
export function EvaluationProblem({ evaluation, onOpenLog }: EvaluationProblemProps) {
  const { status, reason, attemptId } = evaluation;
  const attempt = useResource<AttemptView>(attemptId === null ? null : `/attempts/${attemptId}`);
  const exit = attempt.data?.exitStatus ?? null;
  const isExitTold = exit === null || (reason ?? "").includes(`exit status ${exit}`);
  const silent = silentModels(evaluation);
  return (
    <section
      aria-label={`The evaluation ${status}`}
      className="panel mb-4 border-l-[3px] border-l-bad px-3.5 py-3"
    >
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <h2 className="font-semibold">The evaluation did not finish</h2>
        <StatusBadge status={status} />
        {!isExitTold && <span className="num text-muted">exit status {exit}</span>}
      </div>
      <p className="mt-0.5">{reason ?? "No reason was recorded."}</p>
      {silent.length > 0 && (
        <p>
          No answer of {silent.map(({ label }) => label).join(", ")}. A model that cannot be loaded costs its
          own answers only.
        </p>
      )}
      <p className="text-muted">{adviceOn(evaluation, attempt.data)}</p>
      {attemptId !== null && <LogTail attemptId={attemptId} lineCount={8} />}
      {attemptId !== null && (
        <Button size="sm" className="mt-2" onClick={onOpenLog}>
          Open the log
        </Button>
      )}
    </section>
  );
}

function adviceOn({ status, reason }: EvaluationView, attempt: AttemptView | undefined): string {
  const evidence = [status, reason, attempt?.exitWhy].filter(Boolean).join(" ");
  if (/out of memory|GPU memory/i.test(evidence)) {
    return "The model did not fit. Wait until the node's GPUs are free, or ask for fewer new tokens.";
  }
  if (status === "interrupted") return "The machine went away. Once it is back, evaluate again.";
  return "The last lines of the log tell more.";
}
