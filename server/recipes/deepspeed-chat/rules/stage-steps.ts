import type { StageKind } from "../../../contracts/statuses";
import type { RuleInput } from "./rule";
import { trainRows } from "./stage-data";

/** What a stage's rows and batches come to. Rows are seen by their own GPU: DistributedSampler. */
export interface StageSteps {
  rows: number;
  /** Per device, by which the optimizer's step is counted. */
  batch: number;
  accumulation: number;
  gpuCount: number;
  /** Samples of one optimizer step over all GPUs. */
  samples: number;
  /** Optimizer steps of an epoch. */
  perEpoch: number;
  /** Optimizer steps of all epochs; what is left over at the end never becomes one. */
  total: number;
  /** Backward passes of all epochs; 0 where PPO never collects the batches of a turn. */
  micro: number;
  /** What the learning rate's schedule is laid out for. */
  scheduled: number;
}

/** The batch that a step trains on, and the one that rows are read by: PPO reads by generation batches. */
const BATCHES = {
  sft: { trained: "per_device_train_batch_size", read: "per_device_train_batch_size" },
  reward: { trained: "per_device_train_batch_size", read: "per_device_train_batch_size" },
  ppo: { trained: "per_device_training_batch_size", read: "per_device_generation_batch_size" },
} as const satisfies Record<StageKind, { trained: string; read: string }>;

export function batchField(stage: StageKind): string {
  return BATCHES[stage].trained;
}

// Several rules ask the same of one input.
const COUNTED = new WeakMap<RuleInput, Map<StageKind, StageSteps | null>>();

/**
 * len(train_dataloader) and num_update_steps_per_epoch of the three main.py, and how often MiniDataset of PPO lets a step be
 * made. null where the number of rows or one of the fields is not known.
 */
export function stageSteps(input: RuleInput, stage: StageKind): StageSteps | null {
  const counted = COUNTED.get(input) ?? new Map<StageKind, StageSteps | null>();
  COUNTED.set(input, counted);
  const known = counted.get(stage);
  if (known !== undefined) return known;
  const steps = countSteps(input, stage);
  counted.set(stage, steps);
  return steps;
}

function countSteps(input: RuleInput, stage: StageKind): StageSteps | null {
  const number = (name: string) => input.number(stage, name);
  const { trained, read } = BATCHES[stage];
  const [batch, readBatch] = [number(trained), number(read)];
  const accumulation = number("gradient_accumulation_steps");
  const epochs = number("num_train_epochs");
  const gpuCount = input.gpuCount(stage);
  const rows = trainRows(input, stage);
  const turns = stage === "ppo" ? [number("generation_batches"), number("ppo_epochs")] : [];
  const counts = [batch, readBatch, accumulation, epochs, ...turns];
  if (rows === null || !counts.every((count) => Number.isInteger(count) && count > 0)) return null;
  const batches = Math.ceil(Math.ceil(rows / gpuCount) / readBatch);
  const { micro, scheduled } =
    stage === "ppo"
      ? ppoSteps(input, { batches, epochs, accumulation })
      : { micro: batches * epochs, scheduled: epochs * Math.ceil(batches / accumulation) };
  const samples = batch * accumulation * gpuCount;
  const total = Math.floor(micro / accumulation);
  return {
    ...{ rows, batch, accumulation, gpuCount, samples },
    ...{ perEpoch: Math.floor(total / epochs), total, micro, scheduled },
  };
}

function ppoSteps(
  { number }: RuleInput,
  { batches, epochs, accumulation }: { batches: number; epochs: number; accumulation: number },
): { micro: number; scheduled: number } {
  const generation = number("ppo", "per_device_generation_batch_size");
  const training = number("ppo", "per_device_training_batch_size");
  const [turn, repeats] = [number("ppo", "generation_batches"), number("ppo", "ppo_epochs")];
  const turns = Math.floor((batches * epochs) / turn);
  return {
    micro: turns * turn * Math.ceil(generation / training) * repeats,
    scheduled: Math.floor((epochs * batches * (generation / training) * repeats) / accumulation),
  };
}
