"use client";

import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Button } from "@/components/ui/button";
import type { MemoryEstimate, StageEstimate } from "@/server/contracts/estimates";
import { MEMORY_PARTS } from "@/server/contracts/estimates";
import { basisText, formatEstimatedTime, formatGiB, formatMoney } from "./format-estimate";
import { MemoryBarView } from "./memory-bar-view";
import { PART_LABEL, prepareMemoryBars } from "./prepare-memory-bar";

export interface StageEstimateRowProps {
  estimate: StageEstimate;
  /** Takes the largest batch over; left out where nothing can be changed. */
  onApply?: () => void;
}

export function StageEstimateRow({ estimate, onApply }: StageEstimateRowProps) {
  const { stage, memory, gpus, reason } = estimate;
  const look = STAGE_LOOK[stage];
  return (
    <section aria-label={look.label} className="border-line-faint border-t py-2 first:border-t-0">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h3 className={`font-medium ${look.textClassName}`}>{look.short}</h3>
        <span className="num min-w-0 truncate text-muted">{estimate.modelName}</span>
        <Verdict isFitting={estimate.isFitting} />
      </div>
      {memory && prepareMemoryBars(memory, gpus).map((bar) => <MemoryBarView key={bar.gpus} bar={bar} />)}
      {reason !== null && <p className="text-muted">{reason}</p>}
      <LargestBatch estimate={estimate} {...(onApply ? { onApply } : {})} />
      <Time estimate={estimate} />
      {memory && <Parts memory={memory} />}
    </section>
  );
}

function Verdict({ isFitting }: { isFitting: boolean | null }) {
  if (isFitting === null) {
    return (
      <span className="ml-auto inline-flex items-center gap-1 text-muted">
        <CircleHelp aria-hidden className="size-3.5" /> not known
      </span>
    );
  }
  return isFitting ? (
    <span className="ml-auto inline-flex items-center gap-1 text-ok">
      <CircleCheck aria-hidden className="size-3.5" /> fits
    </span>
  ) : (
    <span className="ml-auto inline-flex items-center gap-1 text-bad">
      <CircleAlert aria-hidden className="size-3.5" /> does not fit
    </span>
  );
}

function LargestBatch({ estimate: { batch, largestBatch }, onApply }: StageEstimateRowProps) {
  if (largestBatch === null || batch === null) return null;
  if (largestBatch === 0) {
    return <p>Not even batch 1 fits: choose a higher ZeRO stage, offload, LoRA or more GPUs.</p>;
  }
  return (
    <p className="mt-1 flex min-h-6 flex-wrap items-center gap-x-2">
      <span>
        batch <span className="num">{batch}</span>, the largest that fits is{" "}
        <span className="num">{largestBatch}</span> per GPU
      </span>
      {onApply && largestBatch !== batch && (
        <Button size="sm" onClick={onApply}>
          Use {largestBatch}
        </Button>
      )}
    </p>
  );
}

function Time({ estimate: { time, timeReason, cost, gpuCount } }: { estimate: StageEstimate }) {
  if (time === null) return <p className="text-muted">Time: {timeReason}</p>;
  return (
    <p>
      about <span className="num">{formatEstimatedTime(time.seconds)}</span>
      {cost !== null && (
        <>
          , costs <span className="num">{formatMoney(cost)}</span>
        </>
      )}{" "}
      <span className="text-muted">
        on {gpuCount} {gpuCount === 1 ? "GPU" : "GPUs"}, {basisText(time)}
      </span>
    </p>
  );
}

function Parts({ memory }: { memory: MemoryEstimate }) {
  const parts = MEMORY_PARTS.filter((part) => memory.parts[part] > 0);
  return (
    <details className="text-muted">
      <summary className="w-fit rounded">What it is made of</summary>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
        {parts.map((part) => (
          <div key={part} className="contents">
            <dt>{PART_LABEL[part]}</dt>
            <dd className="num text-right">{formatGiB(memory.parts[part])} GiB</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
