import { formatScore } from "@/components/evaluations/format-score";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import type { AnswerView } from "@/server/contracts/evaluations";
import { repeatsItself, wordDifferences } from "./word-diff";

export interface AnswerCellProps {
  label: string;
  answer: AnswerView | undefined;
  /** The baseline's answer; null for the baseline itself, or when differences are off. */
  baseline: string | null;
  mark: "best" | "worst" | null;
}

/** One model's answer to one prompt. */
export function AnswerCell({ label, answer, baseline, mark }: AnswerCellProps) {
  if (!answer) return <p className="text-muted">waits</p>;
  const words = baseline === null ? null : wordDifferences(baseline, answer.text);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between gap-2 text-muted">
        <span className="text-xs md:sr-only">{label}</span>
        <span className="num ml-auto inline-flex items-center gap-1">
          {mark === "best" && <span className="text-ok">best</span>}
          {mark === "worst" && <span className="text-bad">worst</span>}
          {formatScore(answer.rewardScore)}
          <CopyButton text={answer.text} label={`Copy the answer of ${label}`} />
        </span>
      </div>
      <p className="whitespace-pre-wrap break-words leading-5">
        {words === null
          ? answer.text
          : words.map((word, index) =>
              word.isNew ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity but their place
                <ins key={index} className="rounded-sm bg-ok/15 no-underline">
                  {word.text}
                </ins>
              ) : (
                word.text
              ),
            )}
        {!answer.isComplete && <span className="text-muted"> generating …</span>}
      </p>
      <span className="flex flex-wrap gap-1.5 empty:hidden">
        {answer.isComplete && repeatsItself(answer.text) && <Badge isOutlined>repeats itself</Badge>}
        {answer.finishReason === "length" && <Badge isOutlined>cut off at {answer.tokenCount} tokens</Badge>}
      </span>
    </div>
  );
}
