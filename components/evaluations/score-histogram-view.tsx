import { formatScore } from "./format-score";
import { countByBin, placeOf, type ScoreScale } from "./score-histogram";

const BINS = 24;
const HEIGHT = 28;
const WIDTH = 100;

export interface ScoreHistogramViewProps {
  scores: readonly number[];
  mean: number | null;
  /** null: nothing has a score yet; the room is kept. */
  scale: ScoreScale | null;
  /** Of the fullest bin of all models, so that heights can be compared. */
  tallest: number;
  color: string;
  label: string;
}

/** How a model's scores are spread, its mean as a line through them, and zero where the scale crosses it. */
export function ScoreHistogramView({ scores, mean, scale, tallest, color, label }: ScoreHistogramViewProps) {
  const bins = scale === null ? [] : countByBin(scores, scale, BINS);
  const at = (score: number) => (scale === null ? 0 : placeOf(score, scale) * WIDTH);
  const step = WIDTH / BINS;
  const crossesZero = scale !== null && scale.min < 0 && scale.max > 0;
  return (
    <figure className="mt-1.5">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-7 w-full overflow-visible border-b"
        role="img"
        aria-label={
          mean === null
            ? `${label}: no scores yet`
            : `${label}: ${scores.length} scores from ${formatScore(Math.min(...scores))} to ${formatScore(Math.max(...scores))}, mean ${formatScore(mean)}`
        }
      >
        {bins.map((count, bin) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={bin}
            x={bin * step + step * 0.1}
            width={step * 0.8}
            y={HEIGHT - (count / tallest) * (HEIGHT - 2)}
            height={(count / tallest) * (HEIGHT - 2)}
            fill={color}
            opacity={0.75}
          />
        ))}
        {crossesZero && <Line x={at(0)} color="var(--faint)" dashes="2 2" />}
        {mean !== null && <Line x={at(mean)} color="var(--fg)" />}
      </svg>
      <figcaption className="num flex h-4 justify-between text-[10px] text-muted leading-4">
        {scale !== null && (
          <>
            <span>{formatScore(scale.min)}</span>
            <span>{formatScore(scale.max)}</span>
          </>
        )}
      </figcaption>
    </figure>
  );
}

function Line({ x, color, dashes }: { x: number; color: string; dashes?: string }) {
  return (
    <line
      x1={x}
      x2={x}
      y1={0}
      y2={HEIGHT}
      stroke={color}
      strokeWidth={1.5}
      strokeDasharray={dashes}
      vectorEffect="non-scaling-stroke"
    />
  );
}
