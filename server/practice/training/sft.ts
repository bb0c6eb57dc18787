import { encodeAnswer } from "../data/prompt-data";
import { loadModel, saveCheckpoint } from "../model/checkpoint";
import { createRandom, shuffle } from "../model/random";
import { pythonFloat } from "../output/python-format";
import type { Engine } from "./engine";
import type { SftArguments } from "./flags";
import { LanguageModelLoss } from "./language-model";
import { loadPhase } from "./load-phase";
import { chunk, dealBatches, mean, type StageContext } from "./stage-context";
import { createSupervisedEngine } from "./supervised-engine";
import { throughputLine } from "./throughput";

export interface SftResult {
  /** Evaluation loss before training and after each epoch. */
  evaluationLosses: number[];
  trainingLosses: number[];
}

/** Step 1: cross-entropy on prompt + chosen. Prints DeepSpeed-Chat's lines, saves at the end only. */
export function trainSft(args: SftArguments, context: StageContext): SftResult {
  const { log, worldSize } = context;
  const model = loadModel(args.model_name_or_path);
  const encode = (pair: { prompt: string; chosen: string }) =>
    encodeAnswer(model.tokenizer, pair.prompt, pair.chosen, args.max_seq_len);
  const data = loadPhase(args, { phase: 1, log, pythonPath: context.pythonPath });
  const train = data.train.map(encode);
  const evaluation = data.evaluation.map(encode);
  const { engine, batchesPerEpoch } = createSupervisedEngine(args, context, {
    parameters: model.parameters,
    sampleCount: train.length,
    job: "step1_model",
  });
  const loss = new LanguageModelLoss();
  const result: SftResult = { evaluationLosses: [], trainingLosses: [] };
  const evaluate = (epoch: number) => {
    log.print(`***** Evaluating perplexity, Epoch ${epoch}/${args.num_train_epochs} *****`);
    const batches = chunk(evaluation, args.per_device_eval_batch_size);
    const value = Math.fround(mean(batches.map((batch) => loss.evaluate(model.parameters, batch))));
    log.print(`ppl: ${pythonFloat(Math.fround(Math.exp(value)))}, loss: ${pythonFloat(value)}`);
    result.evaluationLosses.push(value);
  };

  log.print("***** Running training *****");
  evaluate(0);
  const random = createRandom(args.seed);
  for (let epoch = 0; epoch < args.num_train_epochs; epoch++) {
    log.print(
      `Beginning of Epoch ${epoch + 1}/${args.num_train_epochs}, Total Micro Batches ${batchesPerEpoch}`,
    );
    dealBatches(shuffle(train, random), worldSize, args.per_device_train_batch_size).forEach(
      (ranks, step) => {
        const startedAt = performance.now();
        engine.beginMicroStep();
        const losses = trainRanks(args, context, { engine, loss, ranks });
        if (args.print_loss) {
          losses.forEach((value, rank) => {
            log.print(`Epoch: ${epoch}, Step: ${step}, Rank: ${rank}, loss = ${pythonFloat(value)}`);
          });
        }
        result.trainingLosses.push(mean(losses));
        engine.step();
        const timing = {
          seconds: (performance.now() - startedAt) / 1000,
          batchSize: args.per_device_train_batch_size,
          sequenceLength: args.max_seq_len,
          tokens: ranks.flat().reduce((sum, sequence) => sum + sequence.length, 0),
        };
        log.print(throughputLine(model.parameters, timing));
      },
    );
    evaluate(epoch + 1);
    engine.endEpoch();
  }
  if (args.output_dir !== null) {
    log.print("saving the final model ...");
    saveCheckpoint(args.output_dir, model, { name: args.model_name_or_path, kind: "causal" });
  }
  return result;
}

/** Gradients are averaged over ranks, as all-reduce does. */
function trainRanks(
  args: SftArguments,
  context: StageContext,
  work: { engine: Engine; loss: LanguageModelLoss; ranks: readonly (readonly (readonly number[])[])[] },
): number[] {
  const scale = 1 / (args.gradient_accumulation_steps * work.ranks.length);
  return work.ranks.map((part) => {
    context.device.holdTokens(part.length * Math.max(...part.map((sequence) => sequence.length)));
    const { parameters, gradients } = work.engine;
    return Math.fround(work.loss.accumulate(parameters, gradients, part, scale));
  });
}
