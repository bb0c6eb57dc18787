import type { FieldValue, RecipeField, StageParameters } from "@/server/contracts/recipes";
import { sentValue } from "./draft";
import { fieldText } from "./field-text";

export interface PresetChange {
  /** As the preset has it; undefined: it leaves the field out. */
  before: FieldValue | undefined;
  /** For people: the value that comes back. */
  beforeText: string;
}

/** Fields whose value on the node would differ from the preset's, by name. Typed text counts as its number. Pure. */
export function presetChanges(
  fields: readonly RecipeField[],
  stage: Pick<StageParameters, "fields">,
  preset: Pick<StageParameters, "fields">,
): Map<string, PresetChange> {
  const changes = new Map<string, PresetChange>();
  for (const field of fields) {
    const before = preset.fields[field.name];
    const was = effective(field, before);
    if (JSON.stringify(effective(field, stage.fields[field.name])) === JSON.stringify(was)) continue;
    changes.set(field.name, { before, beforeText: textOf(was) });
  }
  return changes;
}

function effective(field: RecipeField, value: FieldValue | undefined): FieldValue {
  const sent = sentValue(field, value) ?? field.default;
  const isEmpty = sent === "" || (Array.isArray(sent) && sent.length === 0);
  return isEmpty ? null : sent;
}

function textOf(value: FieldValue): string {
  if (value === null) return "not set";
  if (typeof value === "boolean") return value ? "on" : "off";
  return fieldText(value);
}
