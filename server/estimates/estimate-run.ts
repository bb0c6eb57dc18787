import type { z } from "zod";
import type { Context } from "../context";
import { EstimateRunInput, type RunEstimate } from "../contracts/estimates";
import { STAGE_KINDS } from "../contracts/statuses";
import { readNodeFacts } from "../runs";
import { type EstimatedNode, estimateStage, gpusOf } from "./estimate-stage";
import type { FinishedStage } from "./own-pace";
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
  const { name, gpus, settings } = await readNodeFacts(ctx, nodeId);
  const node: EstimatedNode = { name, pricePerGpuHour: settings.pricePerGpuHour, gpus: gpus.map(gpuOf) };
  const names = new Set(STAGE_KINDS.map((stage) => gpusOf(parameters.stages[stage], node)[0]?.name ?? ""));
  const finished = new Map<string, FinishedStage[]>();
  for (const gpuName of names) finished.set(gpuName, await readFinishedStages(ctx, gpuName));
  const stages = STAGE_KINDS.map((stage) => {
    const gpuName = gpusOf(parameters.stages[stage], node)[0]?.name ?? "";
    return estimateStage({ stage, parameters, node, finished: finished.get(gpuName) ?? [] });
  });
  return { pricePerGpuHour: node.pricePerGpuHour, stages };
}

function gpuOf({ uuid, index, name, memoryTotalMiB }: EstimatedNode["gpus"][number]) {
  return { uuid, index, name, memoryTotalMiB };
}
