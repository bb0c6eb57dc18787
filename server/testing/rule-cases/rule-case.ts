import type { FieldValue } from "../../contracts/recipes";
import { type Finding, type Fix, RunParameters } from "../../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../../contracts/statuses";
import { listPresets, type NodeFacts, type UploadedData } from "../../recipes";

type StageChanges = Partial<Record<StageKind, Record<string, FieldValue>>>;

/** What a rule is looked at with: the preset opt-1.3b-single-node on eight A100 80 GB, but for what is said. */
export interface RuleSetting {
  preset?: string;
  fields?: StageChanges;
  gpuCount?: Partial<Record<StageKind, number>>;
  gpuUuids?: Partial<Record<StageKind, string[]>>;
  env?: Partial<Record<StageKind, Record<string, string>>>;
  node?: Partial<NodeFacts>;
  uploaded?: UploadedData[];
}
export interface RuleCase extends RuleSetting {
  rule: string;
  when: string;
  severity: Finding["severity"];
  path: string | null;
  /** What the one click changes, by path; left out: the finding offers none. */
  fix?: Record<string, FieldValue>;
}
/** Close to the case above it, and nothing to say. */
export interface QuietCase extends RuleSetting {
  rule: string;
  when: string;
}

export const gpusNamed = (name: string, count = 8, memoryTotalMiB = 81_920): NodeFacts["gpus"] =>
  Array.from({ length: count }, (_, index) => ({ uuid: `GPU-${index}`, name, memoryTotalMiB }));

export const NODE: NodeFacts = {
  name: "dgx-04",
  isPractice: false,
  checkout: null,
  deepspeed: "0.16.2",
  transformers: "4.49.0",
  gpus: gpusNamed("NVIDIA A100-SXM4-80GB"),
};

/** Pairs and single answers, 90 rows to train on and 10 to evaluate on each. */
export const PAIRS: UploadedData = {
  reference: "dataset:pairs@0123456789ab",
  hasPairs: true,
  trainCount: 90,
  evalCount: 10,
};
export const SINGLE: UploadedData = { ...PAIRS, reference: "dataset:single@ba9876543210", hasPairs: false };

export function settingOf(setting: RuleSetting): {
  parameters: RunParameters;
  node: NodeFacts;
  uploaded: UploadedData[];
} {
  const id = setting.preset ?? "opt-1.3b-single-node";
  const preset = listPresets("deepspeed-chat").find((entry) => entry.id === id);
  const parameters = RunParameters.parse({ stages: structuredClone(preset?.stages), evaluation: {} });
  for (const stage of STAGE_KINDS) {
    const own = parameters.stages[stage];
    Object.assign(own.fields, setting.fields?.[stage]);
    Object.assign(own.env, setting.env?.[stage]);
    own.gpuCount = setting.gpuCount?.[stage] ?? own.gpuCount;
    own.gpuUuids = setting.gpuUuids?.[stage] ?? own.gpuUuids;
  }
  return { parameters, node: { ...NODE, ...setting.node }, uploaded: setting.uploaded ?? [] };
}

/** The parameters after the one click. @throws Error for a path that a form could not follow */
export function withFix(parameters: RunParameters, fix: Fix): RunParameters {
  const next = structuredClone(parameters);
  for (const { path, value } of fix.changes) {
    const [, kind, part = "", name] = path.split(".");
    const stage = STAGE_KINDS.find((one) => one === kind);
    if (stage === undefined) throw new Error(`no stage in ${path}`);
    const own = next.stages[stage];
    if (part === "fields" && name !== undefined) own.fields[name] = value;
    else if (part === "env" && name !== undefined && typeof value === "string") own.env[name] = value;
    else if (part === "gpuCount" && typeof value === "number") own.gpuCount = value;
    else if (part === "gpuUuids" && Array.isArray(value)) own.gpuUuids = value;
    else throw new Error(`nothing takes ${JSON.stringify(value)} at ${path}`);
  }
  return RunParameters.parse(next);
}
