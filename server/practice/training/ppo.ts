import { join } from "node:path";
import { encodeAnswer, findDataSet } from "../data/prompt-data";
import {
  CheckpointError,
  type LoadedModel,
  loadModel,
  readCheckpoint,
  saveCheckpoint,
} from "../model/checkpoint";
import { cloneParameters, type Parameters } from "../model/parameters";
import { createRandom, shuffle } from "../model/random";
import { EventFile } from "../output/event-file";
import { Engine } from "./engine";
import { type Experience, ExperienceMaker } from "./experience";
import type { PpoArguments } from "./flags";
import { LanguageModelLoss } from "./language-model";
import { loadPhase } from "./load-phase";
import { announceModel, printPpoStep } from "./ppo-log";
import { PpoLoss } from "./ppo-loss";
import { generateExperience, type Trainer, type TrainReport, trainOnExperience } from "./ppo-step";
import { countBatches, dealBatches, type StageContext } from "./stage-context";

const REWARD_EMA_ALPHA = 0.9;

export interface PpoResult {
  /** Mean reward-model score of each generated batch. */
  rewards: number[];
}

interface Models {
  sft: LoadedModel;
  reward: LoadedModel;
}

/** Step 3: PPO against the reward model with a KL penalty to the sft model. Prints DeepSpeed-Chat's lines, saves at the end only. */
export function trainPpo(args: PpoArguments, context: StageContext): PpoResult {
  const { log, worldSize } = context;
  if (args.enable_tensorboard)
    log.print(`Tensorboard logs going to: ${args.tensorboard_path}/step3_tensorboard_logs`);
  const sft = loadModel(args.actor_model_name_or_path);
  const prompts = loadPhase(args, { phase: 3, log, pythonPath: context.pythonPath })
    .train.map((pair) => sft.tokenizer.encode(pair.prompt))
    .filter((prompt) => prompt.length <= args.max_prompt_seq_len);
  const models: Models = { sft, reward: loadRewardModel(args.critic_model_name_or_path, sft) };
  const batchSize = args.per_device_generation_batch_size;
  const batchesPerEpoch = countBatches(prompts.length, worldSize, batchSize);
  const updates =
    (args.per_device_generation_batch_size / args.per_device_training_batch_size) * args.ppo_epochs;
  const totalSteps = Math.trunc(
    (args.num_train_epochs * batchesPerEpoch * updates) / args.gradient_accumulation_steps,
  );
  const trainer = createTrainer(args, context, { models, totalSteps });
  const average = createRewardAverage(args.gradient_accumulation_steps);
  const result: PpoResult = { rewards: [] };
  let trainedSteps = 0;

  log.print(`***** Running training (total_iters=${totalSteps}) *****`);
  epochs: for (let epoch = 0; epoch < args.num_train_epochs; epoch++) {
    log.print(
      `Beginning of Epoch ${epoch + 1}/${args.num_train_epochs}, Total Generation Batches ${batchesPerEpoch}`,
    );
    let pending: Experience[] = [];
    const batches = dealBatches(shuffle(prompts, trainer.random), worldSize, batchSize);
    for (const [step, ranks] of batches.entries()) {
      const generated = generateExperience(trainer, ranks.flat(), step);
      pending.push(...generated.experiences);
      if ((step + 1) % args.generation_batches !== 0) continue;
      const report = trainOnExperience(trainer, pending);
      pending = [];
      average.add(report.reward * report.updates, step);
      printPpoStep(
        log,
        {
          ...report,
          epoch,
          step,
          rewardAverage: average.value(),
          generateSeconds: generated.seconds,
          tokens: generated.tokens,
        },
        { args, worldSize, actor: trainer.actor.parameters, critic: trainer.critic.parameters },
      );
      writeStepEvents(trainer, report, step);
      result.rewards.push(report.reward);
      if (!trainer.actor.isOverflow && !trainer.critic.isOverflow) trainedSteps += 1;
      if (args.enable_test_mode && trainedSteps === args.test_stop_step) break epochs;
    }
  }
  if (args.output_dir !== null) saveAll(trainer, args.output_dir, models);
  return result;
}

/** The critic has to be a checkpoint of step 2 that speaks the actor's vocabulary. @throws CheckpointError */
function loadRewardModel(path: string, sft: LoadedModel): LoadedModel {
  const reward = readCheckpoint(path);
  const isSame = reward.tokenizer.words.every((word, id) => sft.tokenizer.words[id] === word);
  if (!isSame || reward.tokenizer.size !== sft.tokenizer.size) {
    throw new CheckpointError(`${path} and the actor have different vocabularies`);
  }
  return reward;
}

function createTrainer(
  args: PpoArguments,
  context: StageContext,
  options: { models: Models; totalSteps: number },
): Trainer {
  const { log, worldSize } = context;
  const { sft, reward } = options.models;
  const base = args.tensorboard_path;
  const events = (name: string) => (args.enable_tensorboard ? new EventFile(`${base}/${name}`) : null);
  const engine = (name: "actor" | "critic", parameters: Parameters) =>
    new Engine({
      parameters,
      learningRate: args[`${name}_learning_rate`],
      weightDecay: args[`${name}_weight_decay`],
      schedule: args.lr_scheduler_type,
      warmupSteps: args.num_warmup_steps,
      totalSteps: options.totalSteps,
      trainBatchSize: args.per_device_training_batch_size * worldSize * args.gradient_accumulation_steps,
      accumulation: args.gradient_accumulation_steps,
      dtype: args.dtype,
      log,
      events: events(`ds_tensorboard_logs/step3_${name}_tensorboard`),
      memory: () => context.device.memory(),
    });
  const stepEvents = events("step3_tensorboard_logs");
  const actor = announceModel(log, "Actor", () => engine("actor", cloneParameters(sft.parameters)));
  const reference = announceModel(log, "Ref", () => cloneParameters(sft.parameters));
  const ema = args.enable_ema ? announceModel(log, "EMA", () => cloneParameters(sft.parameters)) : null;
  const critic = announceModel(log, "Critic", () => engine("critic", cloneParameters(reward.parameters)));
  const frozen = announceModel(log, "Reward", () => cloneParameters(reward.parameters));
  return {
    args,
    context,
    tokenizer: sft.tokenizer,
    actor,
    critic,
    ema,
    maker: new ExperienceMaker({ reference, reward: frozen }, sft.tokenizer),
    loss: new PpoLoss(),
    unsupervised: createUnsupervised(args, sft),
    events: stepEvents,
    random: createRandom(args.seed ?? Date.now()),
  };
}

/** `--unsupervised_dataset_name` takes a built-in data set here; both of its names have to be given, as in the real program. */
function createUnsupervised(args: PpoArguments, sft: LoadedModel): Trainer["unsupervised"] {
  if (args.unsupervised_dataset_name === null || args.unsupervised_dataset_config_name === null) return null;
  const maxLength = args.max_prompt_seq_len + args.max_answer_seq_len;
  const { train } = findDataSet(args.unsupervised_dataset_name, "");
  const sequences = train.map((pair) => encodeAnswer(sft.tokenizer, pair.prompt, pair.chosen, maxLength));
  return { loss: new LanguageModelLoss(), sequences };
}

/** The running average that DeepSpeed-Chat prints; it moves once per accumulated step. */
function createRewardAverage(accumulation: number) {
  let pending = 0;
  let average: number | null = null;
  return {
    add(reward: number, step: number) {
      pending += reward / accumulation;
      if ((step + 1) % accumulation !== 0) return;
      average = REWARD_EMA_ALPHA * (average ?? pending) + (1 - REWARD_EMA_ALPHA) * pending;
      pending = 0;
    },
    value: () => average ?? 0,
  };
}

/** `global_step` starts again at 0 with every epoch: so does the real program's. */
function writeStepEvents(trainer: Trainer, report: TrainReport, step: number): void {
  trainer.events?.write([
    { tag: "reward", value: report.reward, step },
    { tag: "actor_loss", value: report.lastActorLoss, step },
    { tag: "actor_loss_sum", value: report.actorLoss * report.updates, step },
    { tag: "critic_loss", value: report.lastCriticLoss, step },
    { tag: "critic_loss_sum", value: report.criticLoss * report.updates, step },
  ]);
}

function saveAll(trainer: Trainer, directory: string, models: Models): void {
  trainer.context.log.print("saving model ...");
  const { tokenizer } = models.sft;
  const names = {
    actor: trainer.args.actor_model_name_or_path,
    critic: trainer.args.critic_model_name_or_path,
  };
  const save = (
    folder: string,
    parameters: Parameters,
    options: { name: string; kind: "causal" | "reward" },
  ) => saveCheckpoint(join(directory, folder), { parameters, tokenizer }, options);
  save("actor", trainer.actor.parameters, { name: names.actor, kind: "causal" });
  save("critic", trainer.critic.parameters, { name: names.critic, kind: "reward" });
  if (trainer.ema !== null) save("actor_ema", trainer.ema, { name: names.actor, kind: "causal" });
}
