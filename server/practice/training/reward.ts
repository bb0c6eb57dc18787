import { encodeAnswer } from "../data/prompt-data";
import { loadModel, saveCheckpoint } from "../model/checkpoint";
import { createRandom, shuffle } from "../model/random";
import { pythonFloat } from "../output/python-format";
import type { Engine } from "./engine";
import type { RewardArguments } from "./flags";
import { loadPhase } from "./load-phase";
import { type EncodedPair, RankingLoss } from "./reward-model";
import { chunk, dealBatches, mean, type StageContext } from "./stage-context";
import { createSupervisedEngine } from "./supervised-engine";

export interface RewardResult {
  trainingLosses: number[];
  /** Before training and after each epoch. */
  accuracies: number[];
}

/** Step 2: pairwise ranking. Prints DeepSpeed-Chat's lines, saves at the end only. */
export function trainReward(args: RewardArguments, context: StageContext): RewardResult {
  const { log, worldSize } = context;
  const model = loadModel(args.model_name_or_path);
  const encode = (pair: { prompt: string; chosen: string; rejected: string }): EncodedPair => ({
    chosen: encodeAnswer(model.tokenizer, pair.prompt, pair.chosen, args.max_seq_len),
    rejected: encodeAnswer(model.tokenizer, pair.prompt, pair.rejected, args.max_seq_len),
  });
  const data = loadPhase(args, { phase: 2, log, pythonPath: context.pythonPath });
  const train = data.train.map(encode);
  const evaluation = chunk(data.evaluation.map(encode), args.per_device_eval_batch_size).slice(
    0,
    args.eval_iters,
  );
  const { engine, batchesPerEpoch } = createSupervisedEngine(args, context, {
    parameters: model.parameters,
    sampleCount: train.length,
    job: "step2_model",
  });
  const ranking = new RankingLoss();
  const score = () => evaluateRanking(ranking, engine, evaluation);
  const result: RewardResult = { trainingLosses: [], accuracies: [] };
  const evaluate = (epoch: number) => {
    log.print(`***** Evaluating reward, Epoch ${epoch}/${args.num_train_epochs} *****`);
    const scores = score();
    log.print(epochLine(scores));
    result.accuracies.push(scores.accuracy);
  };

  log.print("***** Running training *****");
  evaluate(0);
  const random = createRandom(args.seed);
  let microSteps = 0;
  for (let epoch = 0; epoch < args.num_train_epochs; epoch++) {
    log.print(
      `Beginning of Epoch ${epoch + 1}/${args.num_train_epochs}, Total Micro Batches ${batchesPerEpoch}`,
    );
    const batches = dealBatches(shuffle(train, random), worldSize, args.per_device_train_batch_size);
    const losses = batches.map((ranks) => {
      const loss = trainBatch(args, context, { engine, ranking, ranks });
      microSteps += 1;
      const steps = Math.floor(microSteps / args.gradient_accumulation_steps);
      const isBoundary = microSteps % args.gradient_accumulation_steps === 0;
      if (args.eval_interval > 0 && isBoundary && steps % args.eval_interval === 0) {
        log.print(`Iter ${steps}: Evaluating reward`);
        log.print(iterationLine(steps, score()));
      }
      return loss;
    });
    result.trainingLosses.push(...losses);
    log.print(`Epoch ${epoch + 1}/${args.num_train_epochs} with loss ${pythonFloat(mean(losses))}`);
    evaluate(epoch + 1);
    engine.endEpoch();
  }
  if (args.output_dir !== null) {
    log.print("saving model ...");
    saveCheckpoint(args.output_dir, model, { name: args.model_name_or_path, kind: "reward" });
  }
  return result;
}

interface Scores {
  chosen: number;
  rejected: number;
  accuracy: number;
}

function epochLine({ chosen, rejected, accuracy }: Scores): string {
  return (
    `chosen_last_scores (higher is better) : ${pythonFloat(chosen)}, ` +
    `rejected_last_scores (lower is better) : ${pythonFloat(rejected)}, ` +
    `acc (higher is better) : ${pythonFloat(accuracy)}`
  );
}

function iterationLine(steps: number, { chosen, rejected, accuracy }: Scores): string {
  const difference = pythonFloat(chosen - rejected);
  const scores = `c_scores: ${pythonFloat(chosen)}, r_scores: ${pythonFloat(rejected)}, diff: ${difference}`;
  return `Iter ${steps}: ${scores}, acc: ${pythonFloat(accuracy)}`;
}

function trainBatch(
  args: RewardArguments,
  context: StageContext,
  work: { engine: Engine; ranking: RankingLoss; ranks: readonly (readonly EncodedPair[])[] },
): number {
  const { engine, ranking } = work;
  engine.beginMicroStep();
  const scale = 1 / (args.gradient_accumulation_steps * work.ranks.length);
  const losses = work.ranks.map((part) => {
    const longest = Math.max(...part.map((pair) => Math.max(pair.chosen.length, pair.rejected.length)));
    context.device.holdTokens(2 * part.length * longest);
    return Math.fround(ranking.accumulate(engine.parameters, engine.gradients, part, scale).loss);
  });
  engine.step();
  return mean(losses);
}

function evaluateRanking(
  ranking: RankingLoss,
  engine: Engine,
  batches: readonly (readonly EncodedPair[])[],
): Scores {
  const scores = batches.map((batch) => ranking.evaluate(engine.parameters, batch));
  const pairs = scores.flatMap((part) => part.chosen.map((chosen, i) => chosen > (part.rejected[i] ?? 0)));
  return {
    chosen: Math.fround(mean(scores.map((part) => mean(part.chosen)))),
    rejected: Math.fround(mean(scores.map((part) => mean(part.rejected)))),
    accuracy: Math.fround(pairs.filter(Boolean).length / pairs.length),
  };
}
