import type { FieldValue, RecipeView } from "@/server/contracts/recipes";
import { STAGE_LABEL, type StageKind } from "@/server/contracts/statuses";
import type { Draft } from "./draft";
import { parseFieldPath } from "./field-path";
import { fieldText } from "./field-text";

/** A field of the form, for people. */
export interface FieldName {
  /** "Reward model", "Evaluation"; null: the head of the form. */
  part: string | null;
  label: string;
  /** "--learning_rate"; null: no flag of the program. */
  flag: string | null;
}

/** What a path such as `stages.sft.fields.learning_rate` leads to; null for a path that no field has. Pure. */
export function nameOfPath(path: string, recipe: RecipeView): FieldName | null {
  const { part, place, name } = parseFieldPath(path);
  if (part === "evaluation") return { part: "Evaluation", label: evaluationLabel(place, name), flag: null };
  if (part !== null) return { part: STAGE_LABEL[part], ...stageField(place, name, recipe, part) };
  const label = HEAD_LABEL[place];
  return label === undefined ? null : { part, label, flag: null };
}

const HEAD_LABEL: Readonly<Record<string, string>> = { name: "Name", nodeId: "Node", presetId: "Preset" };

function stageField(
  part: string,
  name: string,
  recipe: RecipeView,
  kind: StageKind,
): Omit<FieldName, "part"> {
  if (part === "gpuCount" || part === "gpuUuids") return { label: "GPUs", flag: null };
  if (part === "env")
    return { label: name === "" ? "environment variables" : `variable ${name}`, flag: null };
  const field = fieldOf(recipe, kind, name);
  return { label: field?.label ?? name, flag: field?.flag ?? null };
}

function evaluationLabel(part: string, name: string): string {
  if (part === "prompts") return name === "" ? "prompts" : `prompt ${Number(name) + 1}`;
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim() || "plan";
}

function fieldOf(recipe: RecipeView, kind: StageKind, name: string) {
  return recipe.stages.find((stage) => stage.kind === kind)?.fields.find((field) => field.name === name);
}

/** Where a field stands in its part of the form, for sorting; the GPUs lead, the environment ends. */
export function rankOfPath(path: string | null, recipe: RecipeView): number {
  const { part, place, name } = parseFieldPath(path ?? "");
  if (part === null || part === "evaluation") return 0;
  if (place === "env") return Number.MAX_SAFE_INTEGER;
  const fields = recipe.stages.find((stage) => stage.kind === part)?.fields ?? [];
  return 1 + fields.findIndex((field) => field.name === name);
}

/** A value as the form shows it; what is left out shows the program's default. */
export function valueText(path: string, value: FieldValue, recipe: RecipeView): string {
  const { part, place, name } = parseFieldPath(path);
  const isField = part !== null && part !== "evaluation" && place === "fields";
  const effective = value ?? (isField ? fieldOf(recipe, part, name)?.default : null) ?? null;
  if (typeof effective === "boolean") return effective ? "on" : "off";
  if (place === "gpuUuids" && Array.isArray(effective) && effective.length === 0) return "any free ones";
  return fieldText(effective) || "not set";
}

/** What the form holds at the path of a fix; null: nothing. */
export function valueAt({ parameters }: Draft, path: string): FieldValue {
  const { part, place, name } = parseFieldPath(path);
  if (part === null || part === "evaluation") return null;
  const stage = parameters.stages[part];
  if (place === "fields" || place === "env") return stage[place][name] ?? null;
  return place === "gpuCount" || place === "gpuUuids" ? stage[place] : null;
}
