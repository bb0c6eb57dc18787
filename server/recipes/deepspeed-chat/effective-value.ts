import type { FieldValue, StageParameters } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { findField } from "./fields";

/** What a stage's program will see: the value that was set, or its own default. */
export function effectiveValue(stage: StageKind, parameters: StageParameters, name: string): FieldValue {
  return parameters.fields[name] ?? findField(stage, name)?.default ?? null;
}
