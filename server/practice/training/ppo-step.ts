import type { LoadedModel } from "../model/checkpoint";
import type { Parameters } from "../model/parameters";
import { shuffle } from "../model/random";
import type { EventFile } from "../output/event-file";
import { pythonList } from "../output/python-format";
import type { Engine } from "./engine";
import type { Experience, ExperienceMaker } from "./experience";
import type { PpoArguments } from "./flags";
import type { LanguageModelLoss } from "./language-model";
import type { PpoLoss } from "./ppo-loss";
import { chunk, mean, type StageContext } from "./stage-context";

const EMA_BETA = 0.992;

export interface Trainer {
  args: PpoArguments;
  context: StageContext;
  tokenizer: LoadedModel["tokenizer"];
  actor: Engine;
  critic: Engine;
  ema: Parameters | null;
  maker: ExperienceMaker;
  loss: PpoLoss;
  /** Mixes language modelling into the actor's steps; null without an unsupervised data set. */
  unsupervised: { loss: LanguageModelLoss; sequences: readonly (readonly number[])[] } | null;
  events: EventFile | null;
  random: () => number;
}

/** Samples answers to a batch of prompts and has them judged. Answers of one token or none are dropped, as the real trainer does. */
export function generateExperience(trainer: Trainer, prompts: readonly (readonly number[])[], step: number) {
  const { args, context, tokenizer } = trainer;
  const startedAt = performance.now();
  const longest = Math.max(...prompts.map((prompt) => prompt.length)) + args.max_answer_seq_len;
  context.device.holdTokens(args.per_device_generation_batch_size * longest);
  const samples = trainer.maker.sample(
    trainer.actor.parameters,
    prompts,
    args.max_answer_seq_len,
    trainer.random,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  if (args.print_answers && step % args.print_answers_interval === 0) {
    const shown = (ids: readonly number[]) => tokenizer.decode(ids);
    context.log.print(
      `--- prompt --> step=${step}, rank=0, ${pythonList(samples.map(({ prompt }) => shown(prompt)))}`,
    );
    context.log.print(
      `--- ans    --> step=${step}, rank=0, ${pythonList(samples.map(({ answer }) => shown(answer)))}`,
    );
  }
  const kept = samples.filter(({ answer }) => answer.length > 1);
  for (let dropped = samples.length - kept.length; dropped > 0; dropped--) {
    context.log.print(`Dropping too short generated answer: step=${step}: `);
  }
  const models = { actor: trainer.actor.parameters, critic: trainer.critic.parameters };
  const experiences = trainer.maker.make(models, kept.length > 0 ? kept : samples);
  const tokens = experiences.reduce((sum, experience) => sum + experience.sequence.length, 0);
  return { experiences, seconds, tokens };
}

export interface TrainReport {
  actorLoss: number;
  criticLoss: number;
  unsupervisedLoss: number;
  /** Of the last inner update alone: what the event file holds besides the sums. */
  lastActorLoss: number;
  lastCriticLoss: number;
  updates: number;
  reward: number;
  trainSeconds: number;
}

/** `ppo_epochs` passes over the experience in training batches. */
export function trainOnExperience(trainer: Trainer, experiences: readonly Experience[]): TrainReport {
  const { args, context, actor, critic } = trainer;
  const startedAt = performance.now();
  const size = args.per_device_training_batch_size * context.worldSize;
  const losses = { actor: [] as number[], critic: [] as number[], unsupervised: [] as number[] };
  const rewards: number[] = [];
  let batches = chunk(experiences, size);
  for (let pass = 0; pass < args.ppo_epochs; pass++) {
    for (const batch of batches) {
      actor.beginMicroStep();
      critic.beginMicroStep();
      const scale = 1 / args.gradient_accumulation_steps;
      losses.actor.push(trainer.loss.actor(actor, batch, scale));
      losses.critic.push(trainer.loss.critic(critic, batch, scale));
      losses.unsupervised.push(addUnsupervised(trainer, scale));
      actor.step();
      critic.step();
      rewards.push(mean(batch.map((experience) => experience.reward)));
      if (trainer.ema !== null) moveAverage(trainer.ema, actor.parameters);
    }
    batches = shuffle(batches, trainer.random);
  }
  return {
    actorLoss: mean(losses.actor),
    criticLoss: mean(losses.critic),
    unsupervisedLoss: mean(losses.unsupervised),
    lastActorLoss: losses.actor[losses.actor.length - 1] ?? 0,
    lastCriticLoss: losses.critic[losses.critic.length - 1] ?? 0,
    updates: losses.actor.length,
    reward: mean(rewards),
    trainSeconds: (performance.now() - startedAt) / 1000,
  };
}

function addUnsupervised(trainer: Trainer, scale: number): number {
  const { unsupervised, args, actor } = trainer;
  if (unsupervised === null) return 0;
  const batch = Array.from({ length: args.per_device_training_batch_size }, () => {
    const at = Math.floor(trainer.random() * unsupervised.sequences.length);
    return unsupervised.sequences[at] ?? [];
  });
  return unsupervised.loss.accumulate(actor.parameters, actor.gradients, batch, scale * args.unsup_coef);
}

function moveAverage(average: Parameters, current: Parameters): void {
  for (let i = 0; i < average.flat.length; i++) {
    average.flat[i] = EMA_BETA * (average.flat[i] as number) + (1 - EMA_BETA) * (current.flat[i] as number);
  }
}
