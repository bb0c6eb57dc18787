import type { NodeView } from "@/server/contracts/nodes";
import type {
  FieldValue,
  Preset,
  RecipeField,
  RecipeView,
  StageParameters,
} from "@/server/contracts/recipes";
import {
  type Fix,
  type RunParameters,
  RunParameters as RunParametersSchema,
  type RunView,
} from "@/server/contracts/runs";
import { STAGE_KINDS, type StageKind } from "@/server/contracts/statuses";
import { parseFieldPath } from "./field-path";

/** The form as it stands. Numbers that are being typed are text until they are sent. */
export interface Draft {
  name: string;
  nodeId: string | null;
  parameters: RunParameters;
  clonedFromId: string | null;
  /** Made with the form: pressing Start twice starts once. */
  idempotencyKey: string;
}

/** The preset that suits a node: the practice one on the practice node, else the one for two A30, else the first. */
export function suitablePreset(presets: readonly Preset[], node: NodeView | null): Preset | null {
  const fitting = presets.filter((preset) => preset.isPractice === (node?.isPractice ?? false));
  return fitting.find((preset) => /a30/i.test(preset.id)) ?? fitting[0] ?? presets[0] ?? null;
}

/** A node that can be reached comes first, and a real one before the practice node. */
export function suitableNode(nodes: readonly NodeView[]): NodeView | null {
  const rank = (node: NodeView) => (node.status === "online" ? 0 : 2) + (node.isPractice ? 1 : 0);
  return nodes.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

export interface Beginning {
  node: NodeView | null;
  preset: Preset | null;
  clone: RunView | null;
  idempotencyKey: string;
}

export function newDraft({ node, preset, clone, idempotencyKey }: Beginning): Draft {
  if (clone) {
    return {
      name: `${clone.name.replace(/ \(copy\)$/, "")} (copy)`,
      nodeId: clone.nodeId,
      parameters: clone.parameters,
      clonedFromId: clone.id,
      idempotencyKey,
    };
  }
  const stages = preset?.stages ?? { sft: EMPTY_STAGE, reward: EMPTY_STAGE, ppo: EMPTY_STAGE };
  return {
    name: preset?.name ?? "",
    nodeId: node?.id ?? null,
    parameters: RunParametersSchema.parse({ presetId: preset?.id ?? null, stages, evaluation: {} }),
    clonedFromId: null,
    idempotencyKey,
  };
}

const EMPTY_STAGE: StageParameters = { fields: {}, env: {}, gpuCount: 1, gpuUuids: [] };

/** Another preset: fields and GPU counts change, the chosen node and the evaluation stay. */
export function withPreset(draft: Draft, preset: Preset, presets: readonly Preset[]): Draft {
  const isOwnName = !presets.some((one) => one.name === draft.name) && draft.name !== "";
  return {
    ...draft,
    name: isOwnName ? draft.name : preset.name,
    parameters: { ...draft.parameters, presetId: preset.id, stages: preset.stages },
  };
}

export function withStage(draft: Draft, kind: StageKind, change: Partial<StageParameters>): Draft {
  const stage = { ...draft.parameters.stages[kind], ...change };
  return {
    ...draft,
    parameters: { ...draft.parameters, stages: { ...draft.parameters.stages, [kind]: stage } },
  };
}

/** `undefined` leaves the field out: the program's own default holds. */
export function withField(draft: Draft, kind: StageKind, name: string, value: FieldValue | undefined): Draft {
  const { [name]: _before, ...others } = draft.parameters.stages[kind].fields;
  return withStage(draft, kind, { fields: value === undefined ? others : { ...others, [name]: value } });
}

/** Another node: its GPUs have other names, so chosen ones become as many of any. */
export function withNode(draft: Draft, nodeId: string): Draft {
  const moved: Draft = { ...draft, nodeId };
  return STAGE_KINDS.reduce<Draft>((next, kind) => {
    const { gpuUuids } = next.parameters.stages[kind];
    return gpuUuids.length === 0 ? next : withStage(next, kind, { gpuCount: gpuUuids.length, gpuUuids: [] });
  }, moved);
}

/** A one-click fix of a finding: paths are `stages.<kind>.fields.<name>`, `.env.<NAME>`, `.gpuCount` or `.gpuUuids`. */
export function withFix(draft: Draft, changes: Fix["changes"]): Draft {
  return changes.reduce(withChange, draft);
}

const TAKES: Readonly<Record<string, (value: FieldValue, name: string) => boolean>> = {
  fields: (_value, name) => name !== "",
  env: (value, name) => name !== "" && (value === null || typeof value === "string"),
  gpuCount: (value) => typeof value === "number",
  gpuUuids: (value) => Array.isArray(value),
};

/** Whether the form has a place that takes the value. */
export function isFixable({ path, value }: Fix["changes"][number]): boolean {
  const { part, place, name } = parseFieldPath(path);
  return part !== null && part !== "evaluation" && TAKES[place]?.(value, name) === true;
}

function withChange(draft: Draft, change: Fix["changes"][number]): Draft {
  const { part, place, name } = parseFieldPath(change.path);
  const { value } = change;
  if (part === null || part === "evaluation" || !isFixable(change)) return draft;
  if (place === "fields") return withField(draft, part, name, value ?? undefined);
  return place === "env"
    ? withVariable(draft, part, { name, value })
    : withStage(draft, part, { [place]: value });
}

/** A value that is no text leaves the variable out. */
function withVariable(
  draft: Draft,
  kind: StageKind,
  { name, value }: { name: string; value: FieldValue },
): Draft {
  const { [name]: _before, ...others } = draft.parameters.stages[kind].env;
  return withStage(draft, kind, { env: typeof value === "string" ? { ...others, [name]: value } : others });
}

/** What is sent: typed text becomes numbers; text that is no number stays, so that the server names the field. */
export function toParameters(draft: Draft, recipe: RecipeView): RunParameters {
  const stages = { ...draft.parameters.stages };
  for (const { kind, fields } of recipe.stages) stages[kind] = cleanStage(stages[kind], fields);
  return { ...draft.parameters, stages };
}

function cleanStage(stage: StageParameters, fields: readonly RecipeField[]): StageParameters {
  const known = new Map(fields.map((field) => [field.name, field]));
  const clean: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(stage.fields)) {
    const sent = sentValue(known.get(name), value);
    if (sent !== undefined) clean[name] = sent;
  }
  return { ...stage, fields: clean };
}

/** What is sent of a field as it was typed; undefined: it is left out. */
export function sentValue(
  field: RecipeField | undefined,
  value: FieldValue | undefined,
): FieldValue | undefined {
  const typed = typeof value === "string" ? value.trim() : value;
  if (typed === "" || typed === undefined) return undefined;
  const isNumeric = field?.type === "int" || field?.type === "float";
  return isNumeric && typeof typed === "string" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
}
