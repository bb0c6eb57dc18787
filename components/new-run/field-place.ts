import type { FieldValue, RecipeView } from "@/server/contracts/recipes";
import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "@/server/contracts/statuses";
import type { Draft } from "./draft";
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
  const [top = "", second = "", third = "", ...rest] = path.split(".");
  const head = HEAD_LABEL[top];
  if (head !== undefined) return { part: null, label: head, flag: null };
  if (top === "evaluation") {
    return { part: "Evaluation", label: evaluationLabel(second, third), flag: null };
  }
  const kind = STAGE_KINDS.find((one) => one === second);
  if (top !== "stages" || !kind) return null;
  return { part: STAGE_LABEL[kind], ...stageField(third, rest.join("."), recipe, kind) };
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
  const [top, second, third, name] = path?.split(".") ?? [];
  if (top !== "stages") return 0;
  if (third === "env") return Number.MAX_SAFE_INTEGER;
  const fields = recipe.stages.find((stage) => stage.kind === second)?.fields ?? [];
  return 1 + fields.findIndex((field) => field.name === name);
}

/** A value as the form shows it; what is left out shows the program's default. */
export function valueText(path: string, value: FieldValue, recipe: RecipeView): string {
  const [, second, third, name = ""] = path.split(".");
  const kind = STAGE_KINDS.find((one) => one === second);
  const field = kind && third === "fields" ? fieldOf(recipe, kind, name) : undefined;
  const effective = value ?? field?.default ?? null;
  if (typeof effective === "boolean") return effective ? "on" : "off";
  if (third === "gpuUuids" && Array.isArray(effective) && effective.length === 0) return "any free ones";
  return fieldText(effective) || "not set";
}

/** What the form holds at the path of a fix; null: nothing. */
export function valueAt({ parameters }: Draft, path: string): FieldValue {
  const [top, second, third, name = ""] = path.replace(/^parameters\./, "").split(".");
  const kind = STAGE_KINDS.find((one) => one === second);
  if (top !== "stages" || !kind) return null;
  const stage = parameters.stages[kind];
  if (third === "fields" || third === "env") return stage[third][name] ?? null;
  return third === "gpuCount" || third === "gpuUuids" ? stage[third] : null;
}
