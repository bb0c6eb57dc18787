"use client";

import { STAGE_LOOK } from "@/components/status/stage-table";
import { Segmented } from "@/components/ui/segmented";
import { usableGpus } from "@/components/yard/prepare-node";
import type { NodeView } from "@/server/contracts/nodes";
import type { RunParameters } from "@/server/contracts/runs";
import type { StageKind } from "@/server/contracts/statuses";
import { gpuCountOf, gpusEach, placementOf } from "./placement";

export interface PlacementChoiceProps {
  node: NodeView;
  stages: RunParameters["stages"];
  /** Gives sft and reward so many GPUs each, any free ones. */
  onChoose: (gpusEach: number) => void;
}

const CHOICES = [
  { value: "side_by_side", label: "Side by side" },
  { value: "one_after_the_other", label: "One after the other" },
] as const;

/** Whether sft and reward run at the same time: it follows from their GPUs, and is said in words. */
export function PlacementChoice({ node, stages, onChoose }: PlacementChoiceProps) {
  const uuids = usableGpus(node.gpus).map((gpu) => gpu.uuid);
  const placement = placementOf(stages, uuids);
  return (
    <section
      aria-label="Order of the stages"
      className="panel flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-muted">Order</span>
          <Stage kind="sft" count={gpuCountOf(stages.sft)} />
          <span className="text-muted">{placement === "side_by_side" ? "beside" : "then"}</span>
          <Stage kind="reward" count={gpuCountOf(stages.reward)} />
          <span className="text-muted">then</span>
          <Stage kind="ppo" count={gpuCountOf(stages.ppo)} />
        </p>
        <p className="text-muted text-xs">{explanation(placement, uuids.length)}</p>
      </div>
      <Segmented
        label="SFT and reward model"
        value={placement ?? ""}
        options={CHOICES.map((choice) => ({
          ...choice,
          isDisabled: gpusEach(choice.value, uuids.length) === 0,
        }))}
        onValueChange={(value) => {
          const choice = CHOICES.find((one) => one.value === value);
          if (choice && choice.value !== placement) onChoose(gpusEach(choice.value, uuids.length));
        }}
      />
    </section>
  );
}

function Stage({ kind, count }: { kind: StageKind; count: number }) {
  return (
    <span className="whitespace-nowrap">
      <span className={STAGE_LOOK[kind].textClassName}>{STAGE_LOOK[kind].short}</span> on{" "}
      <span className="num">{count}</span> {count === 1 ? "GPU" : "GPUs"}
    </span>
  );
}

function explanation(placement: ReturnType<typeof placementOf>, gpuCount: number): string {
  if (placement === null) return "A stage asks for GPUs that this node does not have.";
  if (placement === "side_by_side") {
    return "SFT and the reward model do not need each other: both start at once. PPO waits for both checkpoints.";
  }
  return gpuCount < 2
    ? "One GPU: the stages take turns. PPO waits for both checkpoints."
    : "Together they want more GPUs than there are, so the reward model waits for SFT. Each then has more of them.";
}
