import type { FieldProblem } from "../contracts/errors";
import type { FieldValue, RecipeField, StageParameters } from "../contracts/recipes";
import { formatNumber } from "./format-number";

const MAX_TEXT = 4096;
// The program of the supervisor and of the launcher own these.
const RESERVED_NAMES = new Set(["CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "TRAINYARD_ATTEMPT"]);
const PATTERNS: Readonly<Record<string, { pattern: RegExp; message: string }>> = {
  data_split: {
    pattern: /^(?=.*[1-9])\d+(?:\.\d+)?,\d+(?:\.\d+)?,\d+(?:\.\d+)?$/,
    message: "Enter three proportions, such as 2,4,4.",
  },
};

/** Why a value is no value of this field, for people; null when it is one. */
function fieldProblem(field: RecipeField, value: FieldValue | undefined): string | null {
  if (value === undefined || value === null || value === "") {
    return field.isRequired && field.group !== "managed" ? `${field.label} is required.` : null;
  }
  if (field.group === "managed") return "Trainyard sets this itself.";
  switch (field.type) {
    case "boolean":
      return typeof value === "boolean" ? null : "Has to be true or false.";
    case "int":
    case "float":
      return numberProblem(field, value);
    case "choice":
      return typeof value === "string" && field.choices?.includes(value)
        ? null
        : `Has to be one of ${field.choices?.join(", ")}.`;
    case "string":
      return textProblem(value) ?? patternProblem(field, value);
    case "list":
      return listProblem(value);
  }
}

function numberProblem(field: RecipeField, value: FieldValue): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return `Enter a number${example(field)}.`;
  if (field.type === "int" && !Number.isInteger(value)) return `Enter a whole number${example(field)}.`;
  if (field.min !== undefined && value < field.min) return `Has to be at least ${field.min}.`;
  if (field.max !== undefined && value > field.max) return `Has to be at most ${field.max}.`;
  return null;
}

function example({ default: byDefault }: RecipeField): string {
  return typeof byDefault === "number" ? `, such as ${formatNumber(byDefault)}` : "";
}

function textProblem(value: FieldValue): string | null {
  if (typeof value !== "string") return "Has to be text.";
  if (value.trim() === "") return "Is empty.";
  if (value.length > MAX_TEXT) return `Has to be at most ${MAX_TEXT} characters.`;
  // The program would take it for a flag.
  if (value.startsWith("-")) return "Must not begin with a dash.";
  if (/[\0\r\n]/.test(value)) return "Must not hold line breaks.";
  return null;
}

function patternProblem(field: RecipeField, value: FieldValue): string | null {
  const rule = PATTERNS[field.name];
  return rule === undefined || rule.pattern.test(String(value)) ? null : rule.message;
}

function listProblem(value: FieldValue): string | null {
  if (!Array.isArray(value)) return "Has to be a list.";
  if (value.length > 64) return "Has to have at most 64 entries.";
  for (const entry of value) {
    const problem = textProblem(entry);
    if (problem !== null) return `“${entry}”: ${problem}`;
  }
  return null;
}

/** Everything wrong with one stage's parameters by itself. Paths begin with `path`. */
export function validateStage(
  parameters: StageParameters,
  { fields, path }: { fields: readonly RecipeField[]; path: string },
): FieldProblem[] {
  const known = new Map(fields.map((field) => [field.name, field]));
  const problems: FieldProblem[] = [];
  for (const name of Object.keys(parameters.fields)) {
    if (!known.has(name)) problems.push({ path: `${path}.fields.${name}`, message: "No such parameter." });
  }
  for (const field of fields) {
    const message = fieldProblem(field, parameters.fields[field.name]);
    if (message !== null) problems.push({ path: `${path}.fields.${field.name}`, message });
  }
  for (const name of Object.keys(parameters.env)) {
    if (!RESERVED_NAMES.has(name)) continue;
    problems.push({ path: `${path}.env.${name}`, message: "Trainyard sets this variable itself." });
  }
  if (new Set(parameters.gpuUuids).size !== parameters.gpuUuids.length) {
    problems.push({ path: `${path}.gpuUuids`, message: "A GPU is chosen twice." });
  }
  return problems;
}
