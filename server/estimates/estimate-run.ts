import type { z } from "zod";
import type { Context } from "../context";
import { EstimateRunInput, type RunEstimate, type StageEstimate } from "../contracts/estimates";
import type { RunParameters } from "../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { findUploaded, referencesOf } from "../datasets";
import { readNodeFacts } from "../runs";
import { type EstimatedNode, estimateStage, gpusOf, wantedStage } from "./estimate-stage";
import { type FinishedStage, ownPace } from "./own-pace";
import { readFinishedStages } from "./read-finished-stages";

/**
 * Memory, time and cost of the three stages on this node, as far as they can be told. Stores nothing.
 * @throws AppError VALIDATION when there is no such node
 */
export async function estimateRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof EstimateRunInput>;
}): Promise<RunEstimate> {
  const { nodeId, parameters } = EstimateRunInput.parse(input);
  const { pricePerGpuHour, estimate } = await readEstimator(ctx, { nodeId, parameters });
  return { pricePerGpuHour, stages: STAGE_KINDS.map((stage) => estimate(stage, parameters)) };
}

/** Estimates stages on a node, from what was read once. Other parameters may differ in anything but GPUs and data. */
export interface Estimator {
  pricePerGpuHour: number | null;
  /** `before`: as it would have been told then, by the stages that had finished. */
  estimate: (stage: StageKind, parameters: RunParameters, before?: Date) => StageEstimate;
  /** Attempts, newest first, of the finished stages that an estimate by own stages rests on. */
  listOwnAttempts: (stage: StageKind, parameters: RunParameters, before?: Date) => string[];
}

/** @throws AppError VALIDATION when there is no such node */
export async function readEstimator(
  ctx: Context,
  { nodeId, parameters }: { nodeId: string; parameters: RunParameters },
): Promise<Estimator> {
  const { name, gpus, settings, transformers } = await readNodeFacts(ctx, nodeId);
  const node: EstimatedNode = {
    name,
    pricePerGpuHour: settings.pricePerGpuHour,
    transformers,
    gpus: gpus.map(gpuOf),
  };
  const names = new Set(STAGE_KINDS.map((stage) => gpusOf(parameters.stages[stage], node)[0]?.name ?? ""));
  const finished = new Map<string, FinishedStage[]>();
  for (const gpuName of names) finished.set(gpuName, await readFinishedStages(ctx, gpuName));
  const uploaded = await findUploaded(ctx.db.pool, referencesOf(parameters));
  const finishedBefore = (stage: StageKind, { stages }: RunParameters, before: Date | undefined) => {
    const done = finished.get(gpusOf(stages[stage], node)[0]?.name ?? "") ?? [];
    return before === undefined ? done : done.filter(({ endedAt }) => endedAt < before);
  };
  const estimate: Estimator["estimate"] = (stage, changed, before) => {
    const done = finishedBefore(stage, changed, before);
    return estimateStage({ stage, parameters: changed, node, finished: done, uploaded });
  };
  const listOwnAttempts: Estimator["listOwnAttempts"] = (stage, changed, before) => {
    const { gpuUuids, gpuCount } = changed.stages[stage];
    const wanted = wantedStage({ stage, parameters: changed, uploaded }, gpuUuids.length || gpuCount);
    return ownPace(finishedBefore(stage, changed, before), wanted)?.attemptIds ?? [];
  };
  return { pricePerGpuHour: node.pricePerGpuHour, estimate, listOwnAttempts };
}

function gpuOf({ uuid, index, name, memoryTotalMiB }: EstimatedNode["gpus"][number]) {
  return { uuid, index, name, memoryTotalMiB };
}
