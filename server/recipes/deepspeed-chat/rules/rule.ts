import type { FieldValue } from "../../../contracts/recipes";
import type { Finding, Fix, RunParameters } from "../../../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../../../contracts/statuses";
import type { CheckoutFlags } from "../checkout-flags";
import { fieldsOf } from "../fields";
import type { UploadedData } from "../resolve-data";

/** What the inventory knows about the node. Usable GPUs only: no card that is cut into MIG instances. */
export interface NodeFacts {
  /** The flags of its own checkout; null: the shipped list holds. */
  checkout: CheckoutFlags | null;
  name: string;
  isPractice: boolean;
  deepspeed: string | null;
  transformers: string | null;
  gpus: readonly NodeGpu[];
}
export interface NodeGpu {
  uuid: string;
  name: string;
  memoryTotalMiB: number | null;
}

/** What a rule looks at: parameters on a node, and each value as the program will see it. */
export interface RuleInput {
  parameters: RunParameters;
  node: NodeFacts;
  /** Of the uploaded data sets that the parameters name, those that are there. */
  uploaded: readonly UploadedData[];
  /** The value that was set, or the default of the node's own checkout. */
  value: (stage: StageKind, name: string) => FieldValue;
  /** NaN for what is no number. */
  number: (stage: StageKind, name: string) => number;
  /** GPUs that the stage asks for. */
  gpuCount: (stage: StageKind) => number;
  /** The GPUs that the stage names, else the first ones of the node: any may be given to it. */
  gpus: (stage: StageKind) => readonly NodeGpu[];
}

/** The engine adds the rule's id, and the stage by the path. */
export type Found = Omit<Finding, "id" | "stage">;

/** One thing that can be wrong or doubtful. Pure; the id names it in the API and stays the same over releases. */
export interface Rule {
  id: string;
  check: (input: RuleInput) => Found[];
}

export function ruleInput(
  parameters: RunParameters,
  node: NodeFacts,
  uploaded: readonly UploadedData[],
): RuleInput {
  const defaultsOf = (stage: StageKind) =>
    new Map(fieldsOf(stage, node.checkout).map((field) => [field.name, field.default]));
  const defaults = { sft: defaultsOf("sft"), reward: defaultsOf("reward"), ppo: defaultsOf("ppo") };
  const value = (stage: StageKind, name: string) => {
    const given = parameters.stages[stage].fields[name];
    // An empty list gives no flag, so the program's own default holds.
    const isSet = given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0);
    return isSet ? given : (defaults[stage].get(name) ?? null);
  };
  return {
    parameters,
    node,
    uploaded,
    value,
    number(stage, name) {
      const given = value(stage, name);
      return typeof given === "number" ? given : Number.NaN;
    },
    gpuCount: (stage) => parameters.stages[stage].gpuUuids.length || parameters.stages[stage].gpuCount,
    gpus(stage) {
      const { gpuUuids, gpuCount } = parameters.stages[stage];
      if (gpuUuids.length > 0) return node.gpus.filter((gpu) => gpuUuids.includes(gpu.uuid));
      return node.gpus.slice(0, gpuCount);
    },
  };
}

export function runRules(rules: readonly Rule[], input: RuleInput): Finding[] {
  return rules.flatMap(({ id, check }) =>
    check(input).map((found) => ({ id, stage: stageOf(found.path), ...found })),
  );
}

/** For what is true of the real programs only: the practice node trains its own tiny model whatever is set. */
export function unlessPractice({ id, check }: Rule): Rule {
  return { id, check: (input) => (input.node.isPractice ? [] : check(input)) };
}

/** The model that a stage trains; PPO's actor comes from supervised fine-tuning. "" for none. */
export function modelName({ parameters }: RuleInput, stage: StageKind): string {
  const name = parameters.stages[stage === "reward" ? "reward" : "sft"].fields.model_name_or_path;
  return typeof name === "string" ? name : "";
}

/** 4 × 1 GPU, 4 × 2 GPUs */
export function countOf(count: number, word: string, plural = `${word}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? word : plural}`;
}

function stageOf(path: string | null): StageKind | null {
  return STAGE_KINDS.find((kind) => path?.startsWith(`stages.${kind}.`)) ?? null;
}

export function fieldPath(stage: StageKind, name: string): string {
  return `stages.${stage}.fields.${name}`;
}

/** A fix that sets one field; null leaves it out. */
export function setField(label: string, path: string, value: FieldValue): Fix {
  return { label, changes: [{ path, value }] };
}
