import type { FieldValue, StageParameters } from "../contracts/recipes";
import type { StageKind } from "../contracts/statuses";
import { effectiveValue } from "../recipes";
import { BATCH_FIELDS } from "./settings";

export interface LighterFields {
  label: string;
  fields: Record<string, FieldValue>;
}

const ZERO_FIELDS = {
  sft: ["zero_stage"],
  reward: ["zero_stage"],
  ppo: ["actor_zero_stage", "critic_zero_stage"],
} as const satisfies Record<StageKind, readonly string[]>;
const LAST_ZERO_STAGE = 3;

/** Changes to a stage that ran out of GPU memory: half the batch with twice the accumulation, and the next ZeRO stage. */
export function lighterFields(stage: StageKind, parameters: StageParameters): LighterFields[] {
  return [halfBatch(stage, parameters), nextZeroStage(stage, parameters)].filter((option) => option !== null);
}

/** Samples per optimizer step stay the same, so the learning rate still suits. null: a batch cannot be halved. */
function halfBatch(stage: StageKind, parameters: StageParameters): LighterFields | null {
  const value = (name: string) => Number(effectiveValue(stage, parameters, name));
  const batches = BATCH_FIELDS[stage].map((name) => [name, value(name) / 2] as const);
  if (!batches.every(([, half]) => Number.isInteger(half) && half >= 1)) return null;
  const accumulation = 2 * (value("gradient_accumulation_steps") || 1);
  const sizes = [...new Set(batches.map(([, half]) => half))].join(" and ");
  return {
    label: `Batch ${sizes}, accumulation ${accumulation}`,
    fields: { ...Object.fromEntries(batches), gradient_accumulation_steps: accumulation },
  };
}

/** null: it is the last one already. */
function nextZeroStage(stage: StageKind, parameters: StageParameters): LighterFields | null {
  const names = ZERO_FIELDS[stage];
  const stages = names.map((name) => Number(effectiveValue(stage, parameters, name)) || 0);
  const next = Math.max(...stages) + 1;
  if (next > LAST_ZERO_STAGE) return null;
  return { label: `ZeRO stage ${next}`, fields: Object.fromEntries(names.map((name) => [name, next])) };
}
