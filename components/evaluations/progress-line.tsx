"use client";

import { formatCount } from "@/components/format/format-number";
import { formatDuration, formatLeft, secondsBetween } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { ProgressBar } from "@/components/ui/progress-bar";
import type { EvaluationView } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";
import { type EvaluationProgress, evaluationProgress } from "./evaluation-progress";
import { MODEL_LOOK } from "./model-table";

/** How far it is, on one line of fixed height that stays when it has ended. */
export function ProgressLine({ evaluation }: { evaluation: EvaluationView }) {
  const now = useNow(1000);
  const progress = evaluationProgress(evaluation, now);
  const { answersDone, answersTotal } = progress;
  const color = progress.now === null ? "var(--control)" : MODEL_LOOK[progress.now.modelKey].color;
  return (
    <div className="mb-4 flex flex-col gap-1.5">
      {isTerminal(evaluation.status) && answersDone === answersTotal ? (
        <div className="mt-0.5 mb-[3px] border-t" />
      ) : (
        <ProgressBar value={answersDone / answersTotal} label="Answers" color={color} />
      )}
      <p className="flex h-5 gap-x-4 overflow-hidden whitespace-nowrap text-muted">
        <span className="text-fg">
          <span className="num">
            {formatCount(answersDone)} of {formatCount(answersTotal)}
          </span>{" "}
          answers
        </span>
        <span className="truncate">{doing(evaluation, progress)}</span>
        {progress.secondsLeft !== null && (
          <span className="ml-auto">
            {progress.secondsLeft >= 60 && "about "}
            <span className="num">{formatLeft(progress.secondsLeft)}</span> left
          </span>
        )}
        {evaluation.endedAt !== null && evaluation.startedAt !== null && (
          <span className="ml-auto">
            took{" "}
            <span className="num">
              {formatDuration(secondsBetween(evaluation.startedAt, evaluation.endedAt, now))}
            </span>
          </span>
        )}
      </p>
    </div>
  );
}

function doing(evaluation: EvaluationView, progress: EvaluationProgress): string {
  const { status, reason, hasRewardModel, models } = evaluation;
  const { now, scoresDone, answersDone, answersTotal } = progress;
  if (status === "queued") return reason ?? "waits for its turn";
  if (status === "stopping") return "stopping; answers that have come are kept";
  if (isTerminal(status)) return status === "succeeded" ? "" : "what had come is kept";
  if (now === null) return hasRewardModel ? `scoring: ${scoresDone} of ${answersTotal}` : "finishing";
  const model = models.find(({ key }) => key === now.modelKey);
  if (answersDone === 0 && evaluation.answers.length === 0) return `loading ${model?.label ?? now.modelKey}`;
  return `${model?.label ?? now.modelKey} answers prompt ${now.promptIndex + 1}`;
}
