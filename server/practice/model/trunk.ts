import { linearBackward, linearForward } from "./linear";
import { featureSize, type ModelShape, type Parameters } from "./parameters";

/** How fast the pool of recent words fades, per word. */
export const FADING = 0.8;

/** Sequences laid end to end. `starts` has one entry more than there are sequences. */
export interface TokenBatch {
  ids: Int32Array;
  starts: Int32Array;
}

export function packSequences(sequences: readonly (readonly number[])[]): TokenBatch {
  const starts = new Int32Array(sequences.length + 1);
  sequences.forEach((sequence, i) => {
    starts[i + 1] = (starts[i] as number) + sequence.length;
  });
  return { ids: Int32Array.from(sequences.flat()), starts };
}

/** What the forward pass leaves for the backward pass. Rows are tokens. Buffers grow and are used again. */
export interface TrunkState {
  features: Float32Array;
  hidden: Float32Array;
  /** Running sum of the pool's weights, per token. */
  poolWeight: Float32Array;
  featureGradient: Float32Array;
  hiddenGradient: Float32Array;
}

export function createTrunkState(): TrunkState {
  const empty = new Float32Array(0);
  return { features: empty, hidden: empty, poolWeight: empty, featureGradient: empty, hiddenGradient: empty };
}

export function ensureSize(buffer: Float32Array, size: number): Float32Array {
  return buffer.length >= size ? buffer : new Float32Array(Math.ceil(size * 1.25));
}

/** Fills `state.hidden` [tokens × hiddenSize] = tanh(W · features + b). Causal: row t sees words up to t only. */
export function trunkForward(parameters: Parameters, batch: TokenBatch, state: TrunkState): void {
  const { shape, views } = parameters;
  const tokens = batch.ids.length;
  const width = featureSize(shape);
  state.features = ensureSize(state.features, tokens * width);
  state.hidden = ensureSize(state.hidden, tokens * shape.hiddenSize);
  state.poolWeight = ensureSize(state.poolWeight, tokens);
  for (let s = 0; s + 1 < batch.starts.length; s++) {
    fillFeatures(parameters, batch.ids, batch.starts[s] as number, batch.starts[s + 1] as number, state);
  }
  linearForward(state.hidden, state.features, views["input.weight"], views["input.bias"], tokens);
  const size = tokens * shape.hiddenSize;
  for (let i = 0; i < size; i++) state.hidden[i] = Math.tanh(state.hidden[i] as number);
}

function fillFeatures(
  parameters: Parameters,
  ids: Int32Array,
  from: number,
  to: number,
  state: TrunkState,
): void {
  const { shape, views } = parameters;
  const d = shape.embeddingSize;
  const width = featureSize(shape);
  const pool = new Float64Array(d);
  const recent = new Float64Array(d);
  let weightSum = 0;
  for (let t = from; t < to; t++) {
    const row = t * width;
    copyWindow(views.embedding, ids, from, t, shape, state.features);
    const word = ids[t] as number;
    const weight = Math.exp(views.salience[word] as number);
    weightSum += weight;
    state.poolWeight[t] = weightSum;
    const poolAt = row + shape.window * d;
    for (let k = 0; k < d; k++) {
      const value = views.context[word * d + k] as number;
      pool[k] = (pool[k] as number) + weight * value;
      recent[k] = FADING * (recent[k] as number) + (1 - FADING) * value;
      state.features[poolAt + k] = (pool[k] as number) / weightSum;
      state.features[poolAt + d + k] = recent[k] as number;
    }
  }
}

function copyWindow(
  embedding: Float32Array,
  ids: Int32Array,
  from: number,
  t: number,
  shape: ModelShape,
  features: Float32Array,
): void {
  const d = shape.embeddingSize;
  const row = t * featureSize(shape);
  for (let back = 0; back < shape.window; back++) {
    const at = row + back * d;
    if (t - back < from) {
      features.fill(0, at, at + d);
      continue;
    }
    const source = (ids[t - back] as number) * d;
    for (let k = 0; k < d; k++) features[at + k] = embedding[source + k] as number;
  }
}

/** Adds the gradients of the trunk, given `state.hiddenGradient`, which is spent. */
export function trunkBackward(
  parameters: Parameters,
  gradients: Parameters,
  batch: TokenBatch,
  state: TrunkState,
): void {
  const { shape, views } = parameters;
  const tokens = batch.ids.length;
  const size = tokens * shape.hiddenSize;
  for (let i = 0; i < size; i++) {
    const h = state.hidden[i] as number;
    state.hiddenGradient[i] = (state.hiddenGradient[i] as number) * (1 - h * h);
  }
  const width = featureSize(shape);
  state.featureGradient = ensureSize(state.featureGradient, tokens * width);
  state.featureGradient.fill(0, 0, tokens * width);
  linearBackward(
    state.hiddenGradient,
    state.features,
    views["input.weight"],
    {
      weight: gradients.views["input.weight"],
      bias: gradients.views["input.bias"],
      input: state.featureGradient,
    },
    tokens,
  );
  for (let s = 0; s + 1 < batch.starts.length; s++) {
    const [from, to] = [batch.starts[s] as number, batch.starts[s + 1] as number];
    spreadWindow(gradients, batch.ids, from, to, state.featureGradient);
    spreadPools(parameters, gradients, batch.ids, from, to, state);
  }
}

function spreadWindow(
  gradients: Parameters,
  ids: Int32Array,
  from: number,
  to: number,
  source: Float32Array,
): void {
  const { shape, views } = gradients;
  const d = shape.embeddingSize;
  const width = featureSize(shape);
  for (let t = from; t < to; t++) {
    for (let back = 0; back < shape.window && t - back >= from; back++) {
      const target = (ids[t - back] as number) * d;
      const at = t * width + back * d;
      for (let k = 0; k < d; k++) {
        views.embedding[target + k] = (views.embedding[target + k] as number) + (source[at + k] as number);
      }
    }
  }
}

/** Walks a sequence backwards: what word i gave to every later pool is a sum over its future. */
function spreadPools(
  parameters: Parameters,
  gradients: Parameters,
  ids: Int32Array,
  from: number,
  to: number,
  state: TrunkState,
): void {
  const { shape, views } = parameters;
  const d = shape.embeddingSize;
  const width = featureSize(shape);
  const sums = new Float64Array(d);
  const fading = new Float64Array(d);
  let weightGradient = 0;
  for (let t = to - 1; t >= from; t--) {
    const poolAt = t * width + shape.window * d;
    const weightSum = state.poolWeight[t] as number;
    const word = ids[t] as number;
    const weight = Math.exp(views.salience[word] as number);
    let salience = 0;
    for (let k = 0; k < d; k++) {
      const upstream = (state.featureGradient[poolAt + k] as number) / weightSum;
      weightGradient -= upstream * (state.features[poolAt + k] as number);
      sums[k] = (sums[k] as number) + upstream;
      fading[k] = (state.featureGradient[poolAt + d + k] as number) + FADING * (fading[k] as number);
      const at = word * d + k;
      salience += (sums[k] as number) * (views.context[at] as number);
      gradients.views.context[at] =
        (gradients.views.context[at] as number) +
        weight * (sums[k] as number) +
        (1 - FADING) * (fading[k] as number);
    }
    gradients.views.salience[word] =
      (gradients.views.salience[word] as number) + weight * (salience + weightGradient);
  }
}
