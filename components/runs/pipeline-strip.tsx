import type { RunForecast } from "@/server/contracts/forecasts";
import type { StageView } from "@/server/contracts/runs";
import type { StageKind } from "@/server/contracts/statuses";
import { StageCard } from "./stage-card";
import { StageGate } from "./stage-gate";

export interface PipelineStripProps {
  stages: readonly StageView[];
  forecast: RunForecast;
  selected: StageKind;
  onSelect: (kind: StageKind) => void;
}

const AREA = {
  sft: "lg:col-start-1 lg:row-start-1",
  reward: "lg:col-start-1 lg:row-start-2",
  ppo: "lg:col-start-5 lg:row-start-1 lg:row-span-2",
} as const satisfies Record<StageKind, string>;

/** sft and reward side by side in time, the gate, then ppo; below 1024 px one under the other. */
export function PipelineStrip({ stages, forecast, selected, onSelect }: PipelineStripProps) {
  const card = (kind: StageKind) => {
    const stage = stages.find((candidate) => candidate.kind === kind);
    return (
      stage && (
        <StageCard
          stage={stage}
          forecast={forecast}
          isSelected={selected === kind}
          onSelect={() => onSelect(kind)}
          className={AREA[kind]}
        />
      )
    );
  };
  return (
    <section
      aria-label="Pipeline"
      className="mb-5 grid gap-2 lg:grid-cols-[minmax(0,1fr)_44px_168px_44px_minmax(0,1.25fr)] lg:grid-rows-[auto_auto] lg:gap-x-0"
    >
      {card("sft")}
      {card("reward")}
      <Lines path="M0 24H14Q22 24 22 34V66Q22 76 14 76H0M22 50H44" className="lg:col-start-2" />
      <StageGate stages={stages} className="self-center lg:col-start-3 lg:row-span-2 lg:row-start-1" />
      <Lines path="M0 50H44" className="lg:col-start-4" />
      {card("ppo")}
    </section>
  );
}

function Lines({ path, className }: { path: string; className: string }) {
  return (
    <div aria-hidden className={`relative hidden lg:row-span-2 lg:row-start-1 lg:block ${className}`}>
      <svg viewBox="0 0 44 100" preserveAspectRatio="none" className="absolute inset-0 size-full">
        <title>then</title>
        <path d={path} fill="none" stroke="var(--line)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
      </svg>
    </div>
  );
}
