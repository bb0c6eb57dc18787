import { linearBackward, linearForward } from "./linear";
import type { Parameters } from "./parameters";
import { ensureSize, type TokenBatch, type TrunkState } from "./trunk";

/** Beyond this a half-precision number is infinite. */
const HALF_MAX = 65504;
/** Words less likely than this in every row of a block get no gradient: at most 0.2 % of it, for half the time. */
const NEGLIGIBLE = 2e-6;

export interface LanguageState {
  /** Output of the projection, [rows × embeddingSize]. */
  projected: Float32Array;
  /** After languageForward: probabilities [rows × vocabulary]. After languageBackward: spent. */
  probabilities: Float32Array;
  projectedGradient: Float32Array;
  hiddenRows: Float32Array;
  hiddenRowsGradient: Float32Array;
}

export function createLanguageState(): LanguageState {
  const empty = new Float32Array(0);
  return {
    projected: empty,
    probabilities: empty,
    projectedGradient: empty,
    hiddenRows: empty,
    hiddenRowsGradient: empty,
  };
}

/** Which rows predict which next words: `rows[i]` of the batch predicts `targets[i]`. */
export interface Predictions {
  rows: Int32Array;
  targets: Int32Array;
}

/** Every next word of every sequence. */
export function nextWordPredictions(
  batch: TokenBatch,
  from: (sequence: number) => number = () => 0,
): Predictions {
  const rows: number[] = [];
  const targets: number[] = [];
  for (let s = 0; s + 1 < batch.starts.length; s++) {
    const end = batch.starts[s + 1] as number;
    for (let t = (batch.starts[s] as number) + from(s); t + 1 < end; t++) {
      rows.push(t);
      targets.push(batch.ids[t + 1] as number);
    }
  }
  return { rows: Int32Array.from(rows), targets: Int32Array.from(targets) };
}

/** Log probability of each target, after a trunkForward. NaN where a logit leaves half precision's range, as on a GPU. */
export function languageForward(
  parameters: Parameters,
  trunk: TrunkState,
  predictions: Predictions,
  state: LanguageState,
): Float64Array {
  const { shape, views } = parameters;
  const count = predictions.rows.length;
  const words = shape.vocabularySize;
  state.hiddenRows = ensureSize(state.hiddenRows, count * shape.hiddenSize);
  state.projected = ensureSize(state.projected, count * shape.embeddingSize);
  state.probabilities = ensureSize(state.probabilities, count * words);
  gatherRows(state.hiddenRows, trunk.hidden, predictions.rows, shape.hiddenSize);
  linearForward(state.projected, state.hiddenRows, views["output.weight"], views["output.bias"], count);
  linearForward(state.probabilities, state.projected, views.embedding, views["word.bias"], count);
  const logProbabilities = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    logProbabilities[i] = softmaxRow(state.probabilities, i * words, words, predictions.targets[i] as number);
  }
  return logProbabilities;
}

function gatherRows(target: Float32Array, source: Float32Array, rows: Int32Array, width: number): void {
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * width;
    target.set(source.subarray(at, at + width), i * width);
  }
}

/** Turns a row of logits into probabilities and returns the target's log probability. */
function softmaxRow(values: Float32Array, at: number, size: number, target: number): number {
  let max = -Infinity;
  for (let v = at; v < at + size; v++) if ((values[v] as number) > max) max = values[v] as number;
  if (max === -Infinity || max > HALF_MAX) return Number.NaN;
  const chosen = values[at + target] as number;
  let sum = 0;
  for (let v = at; v < at + size; v++) {
    const value = Math.exp((values[v] as number) - max);
    values[v] = value;
    sum += value;
  }
  const scale = 1 / sum;
  for (let v = at; v < at + size; v++) values[v] = (values[v] as number) * scale;
  return chosen - max - Math.log(sum);
}

/**
 * Adds the head's gradients and the rows' share of `trunk.hiddenGradient`, given dLoss/dLogProbability per prediction.
 * Clears `trunk.hiddenGradient` first.
 */
export function languageBackward(
  parameters: Parameters,
  gradients: Parameters,
  trunk: TrunkState,
  tokens: number,
  predictions: Predictions,
  coefficients: Float64Array,
  state: LanguageState,
): void {
  const { shape, views } = parameters;
  const count = predictions.rows.length;
  const { embeddingSize, hiddenSize, vocabularySize } = shape;
  toLogitGradients(state.probabilities, vocabularySize, predictions.targets, coefficients);
  state.projectedGradient = ensureSize(state.projectedGradient, count * embeddingSize);
  state.projectedGradient.fill(0, 0, count * embeddingSize);
  const wordGradients = { weight: gradients.views.embedding, bias: gradients.views["word.bias"] };
  linearBackward(
    state.probabilities,
    state.projected,
    views.embedding,
    { ...wordGradients, input: state.projectedGradient },
    count,
  );
  state.hiddenRowsGradient = ensureSize(state.hiddenRowsGradient, count * hiddenSize);
  state.hiddenRowsGradient.fill(0, 0, count * hiddenSize);
  linearBackward(
    state.projectedGradient,
    state.hiddenRows,
    views["output.weight"],
    {
      weight: gradients.views["output.weight"],
      bias: gradients.views["output.bias"],
      input: state.hiddenRowsGradient,
    },
    count,
  );
  trunk.hiddenGradient = ensureSize(trunk.hiddenGradient, tokens * hiddenSize);
  trunk.hiddenGradient.fill(0, 0, tokens * hiddenSize);
  for (let i = 0; i < count; i++) {
    const at = i * hiddenSize;
    trunk.hiddenGradient.set(
      state.hiddenRowsGradient.subarray(at, at + hiddenSize),
      (predictions.rows[i] as number) * hiddenSize,
    );
  }
}

function toLogitGradients(
  probabilities: Float32Array,
  words: number,
  targets: Int32Array,
  coefficients: Float64Array,
): void {
  for (let i = 0; i < targets.length; i++) {
    const at = i * words;
    const coefficient = coefficients[i] as number;
    for (let v = at; v < at + words; v++) {
      const p = probabilities[v] as number;
      probabilities[v] = p < NEGLIGIBLE ? 0 : -coefficient * p;
    }
    const target = at + (targets[i] as number);
    probabilities[target] = (probabilities[target] as number) + coefficient;
  }
}
