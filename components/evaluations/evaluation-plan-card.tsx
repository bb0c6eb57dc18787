import Link from "next/link";
import { formatCount } from "@/components/format/format-number";
import { Card } from "@/components/ui/card";
import type { RunModels } from "@/server/contracts/evaluations";
import type { RunSummary } from "@/server/contracts/runs";
import { describeSettings } from "./describe-settings";
import { askedModels, type EvaluationDraft } from "./evaluation-draft";

export interface EvaluationPlanCardProps {
  draft: EvaluationDraft;
  models: RunModels | undefined;
  run: RunSummary | undefined;
}

/** Beside the form: what Start would do. */
export function EvaluationPlanCard({ draft, models, run }: EvaluationPlanCardProps) {
  const modelCount = models ? askedModels(draft, models).length : 0;
  const promptCount = draft.prompts.length;
  const answerCount = modelCount * promptCount;
  const tokens = answerCount * draft.settings.maxNewTokens;
  return (
    <Card title="What will happen">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 py-1">
        <dt className="text-muted">Answers</dt>
        <dd className="num text-right leading-5">
          {models ? `${modelCount} × ${promptCount} = ${formatCount(answerCount)}` : "…"}
        </dd>
        <dt className="text-muted">New tokens</dt>
        <dd className="num text-right leading-5">≤ {models ? formatCount(tokens) : "…"}</dd>
        <dt className="text-muted">Generation</dt>
        <dd className="text-right">{describeSettings(draft.settings)}</dd>
        <dt className="text-muted">Scores</dt>
        <dd className="text-right">{models ? scoresNote(models) : "…"}</dd>
        {run && (
          <>
            <dt className="text-muted">Where</dt>
            <dd className="text-right">
              one GPU of{" "}
              <Link href={`/nodes/${run.nodeId}`} className="rounded text-fg underline underline-offset-2">
                {run.nodeName}
              </Link>
            </dd>
          </>
        )}
      </dl>
      <p className="border-line-faint border-t pt-2 pb-1 text-muted">
        {models?.isNodeRemoved
          ? "The run's node was removed, and its checkpoints with it: nothing can be asked."
          : "It waits until a GPU of the node is free. One model is in memory at a time."}
      </p>
    </Card>
  );
}

function scoresNote({ hasRewardModel }: RunModels): string {
  return hasRewardModel ? "by the run's own reward model" : "none: the reward model has not succeeded";
}
