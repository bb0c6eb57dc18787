import { formatCount } from "@/components/format/format-number";
import type { EvaluationView } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";
import { formatScore } from "./format-score";
import { ModelChip } from "./model-chip";
import type { Duel, ModelFigures } from "./model-figures";
import { MODEL_LOOK } from "./model-table";
import { countByBin, type ScoreScale, scoreScale } from "./score-histogram";
import { ScoreHistogramView } from "./score-histogram-view";

/** A card per model: its mean score, how it does against the baseline, how its scores are spread. */
export function ScoreSummary({
  evaluation,
  figures,
}: {
  evaluation: EvaluationView;
  figures: readonly ModelFigures[];
}) {
  const hasBaseline = evaluation.models.some(({ key }) => key === "baseline");
  const notCompared = hasBaseline
    ? `not compared${isTerminal(evaluation.status) ? "" : " yet"}`
    : "no baseline to compare with";
  const scale = scoreScale(figures.flatMap(({ scores }) => scores));
  const tallest =
    scale === null ? 1 : Math.max(...figures.flatMap(({ scores }) => countByBin(scores, scale, 24)));
  return (
    <section
      aria-label="Scores by model"
      className="mb-4 grid gap-3 sm:grid-cols-2 lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none"
    >
      {figures.map((one) => (
        <ModelCard
          key={one.model.key}
          figures={one}
          scale={scale}
          tallest={tallest}
          hasRewardModel={evaluation.hasRewardModel}
          notCompared={notCompared}
        />
      ))}
    </section>
  );
}

interface ModelCardProps {
  figures: ModelFigures;
  scale: ScoreScale | null;
  tallest: number;
  hasRewardModel: boolean;
  /** Said where there is no duel. */
  notCompared: string;
}

function ModelCard({ figures, scale, tallest, hasRewardModel, notCompared }: ModelCardProps) {
  const { model, meanScore, duel, scores } = figures;
  const { color } = MODEL_LOOK[model.key];
  return (
    <article className="panel min-w-0 px-3 pt-2.5 pb-2" aria-label={model.label}>
      <header className="flex items-baseline gap-2">
        <h2 className="min-w-0 truncate font-semibold text-sm">
          <ModelChip modelKey={model.key} label={model.label} />
        </h2>
        {hasRewardModel && (
          <span className="num ml-auto whitespace-nowrap">
            <span className="text-muted">mean </span>
            {formatScore(meanScore)}
          </span>
        )}
      </header>
      {hasRewardModel && (
        <>
          <div className="flex h-5 items-baseline gap-2 whitespace-nowrap">
            <DuelText duel={duel} isBaseline={model.key === "baseline"} notCompared={notCompared} />
          </div>
          <DuelBar duel={duel} color={color} />
          <ScoreHistogramView
            scores={scores}
            mean={meanScore}
            scale={scale}
            tallest={tallest}
            color={color}
            label={model.label}
          />
        </>
      )}
      <p className="num mt-1 truncate text-muted" title={answersNote(figures)}>
        {answersNote(figures)}
      </p>
    </article>
  );
}

interface DuelTextProps {
  duel: Duel | null;
  isBaseline: boolean;
  notCompared: string;
}

function DuelText({ duel, isBaseline, notCompared }: DuelTextProps) {
  if (isBaseline) return <span className="truncate text-muted">what the others are measured against</span>;
  if (duel === null) return <span className="text-muted">{notCompared}</span>;
  const total = duel.wins + duel.ties + duel.losses;
  const percent = (share: number) => Math.round(share * 100);
  return (
    <>
      <span className="min-w-0 truncate">
        better than the baseline <span className="num">{duel.wins}</span> of{" "}
        <span className="num">{total}</span>
        {duel.ties > 0 && (
          <span className="text-muted">
            , <span className="num">{duel.ties}</span> equal
          </span>
        )}
      </span>
      <span
        className="num ml-auto"
        title="Share of prompts won, an equal score counting half, with its 95 % interval"
      >
        {percent(duel.share.value)} % [{percent(duel.share.low)}, {percent(duel.share.high)}]
      </span>
    </>
  );
}

/** The share of prompts won and its interval; the dashed line is where nothing is gained. */
function DuelBar({ duel, color }: { duel: Duel | null; color: string }) {
  const percent = (share: number) => `${share * 100}%`;
  return (
    <div aria-hidden className="relative mt-1 h-3.5">
      {duel !== null && (
        <>
          <i className="absolute inset-x-0 top-[7px] border-t" />
          <i className="absolute top-0 left-1/2 h-full border-faint border-l border-dashed" />
          <i
            className="absolute top-1 h-[7px] rounded opacity-35"
            style={{
              left: percent(duel.share.low),
              width: percent(duel.share.high - duel.share.low),
              background: color,
            }}
          />
          <i
            className="absolute top-0.5 h-[11px] w-[3px] -translate-x-1/2 rounded-xs"
            style={{ left: percent(duel.share.value), background: color }}
          />
        </>
      )}
    </div>
  );
}

/** "18 answers · mean 87 tokens · 2 cut off · 42 tokens/s" */
function answersNote({
  answerCount,
  meanTokens,
  tokensPerSecond,
  cutOffCount,
  repeatingCount,
}: ModelFigures) {
  const parts = [answerCount === 1 ? "1 answer" : `${formatCount(answerCount)} answers`];
  if (meanTokens !== null) parts.push(`mean ${formatCount(meanTokens)} tokens`);
  if (repeatingCount > 0) parts.push(`${formatCount(repeatingCount)} repeating`);
  if (cutOffCount > 0) parts.push(`${formatCount(cutOffCount)} cut off`);
  if (tokensPerSecond !== null) parts.push(`${formatCount(tokensPerSecond)} tokens/s`);
  return parts.join(" · ");
}
