import type { Context } from "../context";
import type { RetryOptions } from "../contracts/estimates";
import type { RunParameters } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";
import { readRunFacts } from "../runs";
import { estimateRun } from "./estimate-run";
import { lighterFields } from "./lighter-fields";

/**
 * What a stage of a run needs, and what it would need with less: for a retry after it ran out of GPU memory.
 * @throws AppError NOT_FOUND; VALIDATION when its node was removed
 */
export async function listRetryOptions({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; stage: StageKind };
}): Promise<RetryOptions> {
  const { id, stage } = input;
  const { nodeId, parameters } = await readRunFacts(ctx.db.pool, id);
  const estimateWith = async (changed: RunParameters) => {
    const { stages } = await estimateRun({ ctx, input: { nodeId, parameters: changed } });
    const [own] = stages.filter((estimate) => estimate.stage === stage);
    if (own === undefined) throw new Error(`no estimate of ${stage}`);
    return own;
  };
  const now = await estimateWith(parameters);
  const options = [];
  for (const { label, fields } of lighterFields(stage, parameters.stages[stage])) {
    options.push({ label, fields, estimate: await estimateWith(withFields(parameters, stage, fields)) });
  }
  return { now, options };
}

function withFields(
  parameters: RunParameters,
  stage: StageKind,
  fields: RunParameters["stages"]["sft"]["fields"],
): RunParameters {
  const own = parameters.stages[stage];
  const changed = { ...own, fields: { ...own.fields, ...fields } };
  return { ...parameters, stages: { ...parameters.stages, [stage]: changed } };
}
