import { memo, useMemo } from "react";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import type { AnswerView, EvaluationModel } from "@/server/contracts/evaluations";
import { marksOf } from "./answer-marks";
import { formatScore, type ScoreMark } from "./format-score";
import { ModelChip } from "./model-chip";
import { wordDifferences } from "./word-diff";

/** Longer answers are folded to twelve lines. */
const LONG = 900;
const MARK_CLASS = { best: "text-ok", worst: "text-bad" } as const;

export interface AnswerCellProps {
  model: EvaluationModel;
  promptNumber: number;
  answer: AnswerView | undefined;
  /** The baseline's answer; null for the baseline itself, and when there is none. */
  baseline: string | null;
  isDiffOn: boolean;
  mark: ScoreMark;
  gain: number | null;
  /** Answers and scores still come. */
  isActive: boolean;
  isScored: boolean;
  isUnfolded: boolean;
  onUnfold: (isUnfolded: boolean) => void;
}

/** One model's answer to one prompt. */
export const AnswerCell = memo(function AnswerCell(props: AnswerCellProps) {
  const { model, promptNumber, answer, baseline, isActive, isUnfolded } = props;
  const isFolded = !isUnfolded && (answer?.text.length ?? 0) > LONG;
  return (
    <>
      <ModelChip modelKey={model.key} label={model.label} className="pb-1 text-muted text-xs lg:hidden" />
      {answer && <Score {...props} answer={answer} />}
      {answer ? (
        <p className={cn("whitespace-pre-wrap break-words leading-5", isFolded && "line-clamp-12")}>
          <AnswerText {...props} answer={answer} />
        </p>
      ) : (
        <p className="text-muted">{isActive ? "waits" : "no answer"}</p>
      )}
      {answer && (
        <span className="mt-1.5 flex flex-wrap gap-1.5 empty:hidden">
          {marksOf(answer, baseline).map((mark) => (
            <Badge key={mark} isOutlined tone="warn">
              {mark}
            </Badge>
          ))}
          {isFolded && (
            <button
              type="button"
              className="rounded text-2xs text-muted underline underline-offset-2 hover:text-fg"
              aria-label={`Show the whole answer of ${model.label} to prompt ${promptNumber}`}
              onClick={() => props.onUnfold(true)}
            >
              Show the whole answer
            </button>
          )}
        </span>
      )}
      {answer?.text && (
        <span className="absolute top-1 right-1 rounded-md bg-panel lg:top-auto lg:bottom-1 lg:opacity-0 lg:focus-within:opacity-100 lg:group-hover/cell:opacity-100 lg:group-focus/cell:opacity-100">
          <CopyButton
            text={answer.text}
            label={`Copy the answer of ${model.label} to prompt ${promptNumber}`}
          />
        </span>
      )}
    </>
  );
});

function Score({ answer, mark, gain, isActive, isScored }: AnswerCellProps & { answer: AnswerView }) {
  if (!isScored) return null;
  const isDue = isActive && answer.rewardScore === null;
  return (
    <span
      className={cn(
        "num float-right ml-2.5 inline-flex gap-2 leading-5 max-lg:mr-8",
        mark === null ? "text-muted" : MARK_CLASS[mark],
      )}
    >
      {gain !== null && (
        <span className="hidden text-muted xl:inline" title="Against the baseline">
          {gain > 0 ? "▲" : gain < 0 ? "▼" : "="} {Math.abs(gain).toFixed(2)}
        </span>
      )}
      {mark !== null && <span>{mark}</span>}
      <span title="Reward score">{isDue ? "…" : formatScore(answer.rewardScore)}</span>
    </span>
  );
}

function AnswerText({ answer, baseline, isDiffOn, isActive }: AnswerCellProps & { answer: AnswerView }) {
  const words = useMemo(
    () => (isDiffOn && baseline !== null ? wordDifferences(baseline, answer.text) : null),
    [isDiffOn, baseline, answer.text],
  );
  return (
    <>
      {words === null
        ? answer.text
        : words.map((word, index) =>
            word.isNew ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity but their place
              <ins key={index} className="rounded-xs bg-ok/15 box-decoration-clone no-underline">
                {word.text}
              </ins>
            ) : (
              word.text
            ),
          )}
      {!answer.isComplete && (
        <span className="text-muted">{isActive ? " generating …" : " … it was stopped here"}</span>
      )}
    </>
  );
}
