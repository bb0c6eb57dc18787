import type { FieldValue } from "../contracts/recipes";
import type { RunParameters } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";

/** The parameters with some fields of one stage changed. Pure. */
export function withFields(
  parameters: RunParameters,
  stage: StageKind,
  fields: Readonly<Record<string, FieldValue>>,
): RunParameters {
  const own = parameters.stages[stage];
  const changed = { ...own, fields: { ...own.fields, ...fields } };
  return { ...parameters, stages: { ...parameters.stages, [stage]: changed } };
}
