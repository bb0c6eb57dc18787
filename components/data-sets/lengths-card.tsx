import { formatCount } from "@/components/format/format-number";
import { Card } from "@/components/ui/card";
import type { DataReport, TokenLengths } from "@/server/contracts/data-sets";

const HEIGHT = 48;

/** How long the texts are, in approximate tokens: what max_seq_len cuts, and max_prompt_seq_len leaves out. */
export function LengthsCard({ tokens }: { tokens: DataReport["tokens"] }) {
  const shown: [string, TokenLengths | null][] = [
    ["Prompt", tokens.prompt],
    ["Chosen answer", tokens.chosen],
    ["Rejected answer", tokens.rejected],
    ["Prompt and longer answer", tokens.sequence],
  ];
  return (
    <Card title="Lengths in tokens" note={tokens.method} className="mb-4">
      <div className="mt-2 grid gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-4">
        {shown.map(
          ([label, lengths]) => lengths && <Histogram key={label} label={label} lengths={lengths} />,
        )}
      </div>
    </Card>
  );
}

function Histogram({ label, lengths }: { label: string; lengths: TokenLengths }) {
  const { bins, median, p95, max } = lengths;
  const tallest = Math.max(1, ...bins.map(({ count }) => count));
  const words = bins
    .map(({ upTo, count }) => `${upTo === null ? "more" : `up to ${upTo}`}: ${count}`)
    .join(", ");
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-col">
        <span>{label}</span>
        <span className="num text-muted text-xs">
          median {formatCount(median)} · 95 % {formatCount(p95)} · max {formatCount(max)}
        </span>
      </figcaption>
      <div role="img" aria-label={`${label}, rows by tokens: ${words}`} className="mt-1">
        <div className="flex items-end gap-px border-b" style={{ height: HEIGHT }}>
          {bins.map(({ upTo, count }) => (
            <div
              key={upTo ?? "more"}
              title={`${upTo === null ? "more" : `up to ${formatCount(upTo)}`} tokens: ${formatCount(count)} rows`}
              className="flex-1 bg-muted"
              // What is there is seen, however few it is.
              style={{ height: count === 0 ? 0 : Math.max(1, (count / tallest) * HEIGHT) }}
            />
          ))}
        </div>
        <div className="num flex gap-px text-[10px] text-muted leading-4">
          {bins.map(({ upTo }) => (
            <span key={upTo ?? "more"} className="flex-1 text-center">
              {upTo === null ? "…" : upTo >= 1024 ? `${upTo / 1024}k` : upTo}
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}
