import type { Parameters } from "../model/parameters";
import { EventFile } from "../output/event-file";
import { Engine } from "./engine";
import type { RewardArguments, SftArguments } from "./flags";
import { countBatches, type StageContext } from "./stage-context";

/** The engine of step 1 or 2, and how many micro batches an epoch has. */
export function createSupervisedEngine(
  args: SftArguments | RewardArguments,
  context: StageContext,
  options: { parameters: Parameters; sampleCount: number; job: "step1_model" | "step2_model" },
): { engine: Engine; batchesPerEpoch: number } {
  const { worldSize } = context;
  const accumulation = args.gradient_accumulation_steps;
  const batchesPerEpoch = countBatches(options.sampleCount, worldSize, args.per_device_train_batch_size);
  const engine = new Engine({
    parameters: options.parameters,
    learningRate: args.learning_rate,
    weightDecay: args.weight_decay,
    schedule: args.lr_scheduler_type,
    warmupSteps: args.num_warmup_steps,
    totalSteps: args.num_train_epochs * Math.ceil(batchesPerEpoch / accumulation),
    trainBatchSize: args.per_device_train_batch_size * worldSize * accumulation,
    accumulation,
    dtype: args.dtype,
    log: context.log,
    events: args.enable_tensorboard
      ? new EventFile(`${args.tensorboard_path}/ds_tensorboard_logs/${options.job}_tensorboard`)
      : null,
    memory: () => context.device.memory(),
  });
  return { engine, batchesPerEpoch };
}
