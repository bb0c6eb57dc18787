import type { StageParameters } from "@/server/contracts/recipes";
import type { RunParameters } from "@/server/contracts/runs";

type Stages = RunParameters["stages"];
type Wish = Pick<StageParameters, "gpuCount" | "gpuUuids">;

/** How sft and reward share a node that is otherwise free; null: one of them does not fit at all. */
export type Placement = "side_by_side" | "one_after_the_other" | null;

/** As the scheduler does it: sft takes its GPUs first, and reward starts beside it when what it wants is left. Pure. */
export function placementOf({ sft, reward }: Stages, uuids: readonly string[]): Placement {
  const taken = take(sft, uuids);
  if (taken === null || take(reward, uuids) === null) return null;
  const left = uuids.filter((uuid) => !taken.includes(uuid));
  return take(reward, left) === null ? "one_after_the_other" : "side_by_side";
}

function take({ gpuCount, gpuUuids }: Wish, free: readonly string[]): readonly string[] | null {
  if (gpuUuids.length > 0) return gpuUuids.every((uuid) => free.includes(uuid)) ? gpuUuids : null;
  return gpuCount <= free.length ? free.slice(0, gpuCount) : null;
}

/** How many GPUs sft and reward each get by a placement; 0: there are too few for it. */
export function gpusEach(placement: Exclude<Placement, null>, gpuCount: number): number {
  return placement === "side_by_side" ? Math.floor(gpuCount / 2) : gpuCount;
}

export function gpuCountOf({ gpuCount, gpuUuids }: Wish): number {
  return gpuUuids.length > 0 ? gpuUuids.length : gpuCount;
}
