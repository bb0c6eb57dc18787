import type { Parameters } from "../model/parameters";
import type { TrainingLog } from "../output/log";
import { pythonFixed, pythonFloat } from "../output/python-format";
import type { PpoArguments } from "./flags";
import { ppoThroughputLines } from "./throughput";

const BANNER_WIDTH = 90;

/** The two starred lines around the making of one of the four models (dschat/rlhf/rlhf_engine.py). */
export function announceModel<T>(log: TrainingLog, name: string, make: () => T): T {
  const startedAt = performance.now();
  log.print(banner(`[start] Initializing ${name} Model [start] `));
  const model = make();
  const seconds = pythonFixed((performance.now() - startedAt) / 1000, 2);
  log.print(banner(`[end] Initialized ${name} Model [end] (duration: ${seconds}s)`));
  return model;
}

function banner(message: string): string {
  const stars = Math.floor((BANNER_WIDTH - message.length) / 2);
  const extra = (BANNER_WIDTH - message.length) % 2 === 1 ? "*" : "";
  return "*".repeat(stars) + message + "*".repeat(stars) + extra;
}

export interface StepReport {
  epoch: number;
  step: number;
  /** Mean over the inner updates of this step. */
  actorLoss: number;
  criticLoss: number;
  unsupervisedLoss: number;
  reward: number;
  rewardAverage: number;
  generateSeconds: number;
  trainSeconds: number;
  tokens: number;
}

export function printPpoStep(
  log: TrainingLog,
  report: StepReport,
  models: { args: PpoArguments; worldSize: number; actor: Parameters; critic: Parameters },
): void {
  const { args, worldSize } = models;
  log.print(
    `Epoch: ${report.epoch} | Step: ${report.step} | PPO Epoch: ${args.ppo_epochs} | ` +
      `Actor Loss: ${pythonFloat(report.actorLoss)} | Critic Loss: ${pythonFloat(report.criticLoss)} | ` +
      `Unsupervised Loss: ${pythonFloat(report.unsupervisedLoss)}`,
  );
  const lines = ppoThroughputLines(models.actor, models.critic, {
    generateSeconds: report.generateSeconds,
    trainSeconds: report.trainSeconds,
    endToEndSeconds: report.trainSeconds + report.generateSeconds * args.generation_batches,
    batchSize: args.per_device_generation_batch_size * args.generation_batches * args.ppo_epochs * worldSize,
    tokens: report.tokens,
    sequenceLength: args.max_answer_seq_len + args.max_prompt_seq_len,
    answerLength: args.max_answer_seq_len,
  });
  for (const line of lines) log.print(line);
  log.print(
    `Average reward score: ${pythonFloat(report.reward)} | EMA reward score: ${pythonFloat(report.rewardAverage)}`,
  );
  log.print("-".repeat(85));
}
