import type { RecipeView } from "@/server/contracts/recipes";
import type { Finding, Fix } from "@/server/contracts/runs";
import { STAGE_KINDS, STAGE_LABEL } from "@/server/contracts/statuses";

export interface Issue {
  severity: Finding["severity"];
  /** As the form's fields know themselves; null: it is about no single field. */
  path: string | null;
  /** The field's name for people: "Reward model · Learning rate". */
  where: string | null;
  message: string;
  fix: Fix | null;
}

interface Sources {
  findings: readonly Finding[];
  /** What the server refused, field by field. */
  refused: readonly { path: string; message: string }[];
  recipe: RecipeView;
}

const ORDER = { error: 0, warning: 1, note: 2 } as const;

/** Everything wrong or doubtful, the worst first, each said once and with the name of its field. Pure. */
export function prepareIssues({ findings, refused, recipe }: Sources): Issue[] {
  const all: (Pick<Finding, "severity" | "path" | "message"> & { fix?: Fix })[] = [
    ...refused.map((problem) => ({ ...problem, severity: "error" as const })),
    ...findings,
  ];
  const issues = new Map<string, Issue>();
  for (const finding of all) {
    const path = finding.path?.replace(/^parameters\./, "") ?? null;
    const key = `${path} ${finding.message}`;
    const fix = finding.fix ?? null;
    // The same problem may come twice; the one that brings its own fix is the better one.
    if (issues.has(key) && fix === null) continue;
    const where = path === null ? null : nameOfPath(path, recipe);
    issues.set(key, { severity: finding.severity, path, where, message: finding.message, fix });
  }
  return [...issues.values()].toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** The first message of every field that has an error. */
export function errorsByPath(issues: readonly Issue[]): Map<string, string> {
  const errors = new Map<string, string>();
  for (const { severity, path, message } of issues) {
    if (severity === "error" && path !== null && !errors.has(path)) errors.set(path, message);
  }
  return errors;
}

/** "stages.sft.fields.learning_rate" → "Supervised fine-tuning · Learning rate"; null for a path that no field has. */
export function nameOfPath(path: string, recipe: RecipeView): string | null {
  const [top = "", second = "", third = "", ...rest] = path.split(".");
  if (top === "name") return "Name";
  if (top === "nodeId") return "Node";
  if (top === "presetId") return "Preset";
  if (top === "evaluation") return ["Evaluation", evaluationPart(second, third)].filter(Boolean).join(" · ");
  const kind = STAGE_KINDS.find((one) => one === second);
  if (top !== "stages" || !kind) return null;
  return `${STAGE_LABEL[kind]} · ${stagePart(third, rest.join("."), recipe, kind)}`;
}

function stagePart(
  part: string,
  name: string,
  recipe: RecipeView,
  kind: (typeof STAGE_KINDS)[number],
): string {
  if (part === "gpuCount" || part === "gpuUuids") return "GPUs";
  if (part === "env") return name === "" ? "environment variables" : `variable ${name}`;
  const fields = recipe.stages.find((stage) => stage.kind === kind)?.fields ?? [];
  return fields.find((field) => field.name === name)?.label ?? name;
}

function evaluationPart(part: string, name: string): string {
  if (part === "prompts") return name === "" ? "prompts" : `prompt ${Number(name) + 1}`;
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
