import { featureSize, type Parameters } from "../model/parameters";
import { pythonFixed } from "../output/python-format";

/** Floating point operations of a pass over `tokens` tokens: two per weight. Backward costs twice that. */
function passFlops(parameters: Parameters, tokens: number): number {
  const { shape } = parameters;
  const weights =
    shape.hiddenSize * featureSize(shape) +
    shape.embeddingSize * shape.hiddenSize +
    shape.embeddingSize * shape.vocabularySize;
  return 2 * weights * tokens;
}

function billions(parameters: Parameters): string {
  return `${pythonFixed(parameters.flat.length / 1e9, 3)} B`;
}

/** DeepSpeed-Chat's line after each micro batch of steps 1 and 2 (dschat/utils/perf.py). */
export function throughputLine(
  parameters: Parameters,
  timing: { seconds: number; batchSize: number; sequenceLength: number; tokens: number },
): string {
  const { seconds, batchSize, sequenceLength, tokens } = timing;
  const teraflops = (3 * passFlops(parameters, tokens)) / seconds / 1e12;
  return (
    `Model Parameters: ${billions(parameters)}, Latency: ${pythonFixed(seconds, 2)}s, ` +
    `TFLOPs: ${pythonFixed(teraflops, 2)}, Samples/sec: ${pythonFixed(batchSize / seconds, 2)}, ` +
    `Time/seq ${pythonFixed(seconds / batchSize, 2)}s, Batch Size: ${batchSize}, Sequence Length: ${sequenceLength}`
  );
}

export interface PpoTiming {
  generateSeconds: number;
  trainSeconds: number;
  endToEndSeconds: number;
  batchSize: number;
  tokens: number;
  sequenceLength: number;
  answerLength: number;
}

/** DeepSpeed-Chat's four lines after each step of step 3. */
export function ppoThroughputLines(actor: Parameters, critic: Parameters, timing: PpoTiming): string[] {
  const { generateSeconds, trainSeconds, endToEndSeconds, batchSize, tokens } = timing;
  const generated = passFlops(actor, tokens);
  const trained = 3 * (passFlops(actor, tokens) + passFlops(critic, tokens));
  const perTokenSeconds = generateSeconds / timing.answerLength;
  const bandwidth = (actor.flat.byteLength / perTokenSeconds) * 1e-9;
  const tera = (flops: number, seconds: number) => pythonFixed(flops / seconds / 1e12, 2);
  return [
    `End-to-End => Latency: ${pythonFixed(endToEndSeconds, 2)}s, TFLOPs: ${tera(generated + trained, endToEndSeconds)}, ` +
      `Samples/sec: ${pythonFixed(batchSize / endToEndSeconds, 2)}, Time/seq ${pythonFixed(endToEndSeconds / batchSize, 2)}s, ` +
      `Batch Size: ${batchSize}, Total Seq. Length: ${timing.sequenceLength}`,
    `Generation => Latency: ${pythonFixed(generateSeconds, 2)}s, Per-token Latency ${pythonFixed(perTokenSeconds * 1000, 2)} ms, ` +
      `TFLOPs: ${tera(generated, generateSeconds)}, BW: ${pythonFixed(bandwidth, 2)} GB/sec, Answer Seq. Length: ${timing.answerLength}`,
    `Training   => Latency: ${pythonFixed(trainSeconds, 2)}s, TFLOPs: ${tera(trained, trainSeconds)}`,
    `Actor Model Parameters => ${billions(actor)}, Critic Model Parameters => ${billions(critic)}`,
  ];
}
