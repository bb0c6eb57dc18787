import { linearForward } from "./linear";
import { featureSize, type Parameters } from "./parameters";
import type { Tokenizer } from "./tokenizer";
import { FADING } from "./trunk";

export interface SamplingSettings {
  /** 0 is greedy. */
  temperature: number;
  topP: number;
  topK: number;
  repetitionPenalty: number;
  maxNewTokens: number;
}

export const SAMPLE_AS_IS: Omit<SamplingSettings, "maxNewTokens"> = {
  temperature: 1,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
};

/** A model that reads one word at a time, in constant time and memory. */
export interface Reader {
  read(id: number): void;
  /** Logits of the next word; overwritten by the next call. */
  logits(): Float32Array;
}

function createReader(parameters: Parameters): Reader {
  const { shape, views } = parameters;
  const d = shape.embeddingSize;
  const features = new Float32Array(featureSize(shape));
  const hidden = new Float32Array(shape.hiddenSize);
  const projected = new Float32Array(d);
  const logits = new Float32Array(shape.vocabularySize);
  const pool = new Float64Array(d);
  let weightSum = 0;
  return {
    read(id) {
      features.copyWithin(d, 0, (shape.window - 1) * d);
      const weight = Math.exp(views.salience[id] as number);
      weightSum += weight;
      const poolAt = shape.window * d;
      for (let k = 0; k < d; k++) {
        features[k] = views.embedding[id * d + k] as number;
        const value = views.context[id * d + k] as number;
        pool[k] = (pool[k] as number) + weight * value;
        features[poolAt + k] = (pool[k] as number) / weightSum;
        features[poolAt + d + k] = FADING * (features[poolAt + d + k] as number) + (1 - FADING) * value;
      }
    },
    logits() {
      linearForward(hidden, features, views["input.weight"], views["input.bias"], 1);
      for (let i = 0; i < hidden.length; i++) hidden[i] = Math.tanh(hidden[i] as number);
      linearForward(projected, hidden, views["output.weight"], views["output.bias"], 1);
      linearForward(logits, projected, views.embedding, views["word.bias"], 1);
      return logits;
    },
  };
}

/**
 * Continues a prompt. Ends with the end token (part of the result) or after `maxNewTokens`.
 * `onToken` sees the answer grow.
 */
export function generate(
  parameters: Parameters,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  options: {
    settings: SamplingSettings;
    random: () => number;
    onToken?: (answer: readonly number[]) => void;
  },
): number[] {
  const { settings, random } = options;
  const reader = createReader(parameters);
  for (const id of prompt) reader.read(id);
  const answer: number[] = [];
  const seen = new Set<number>(prompt);
  while (answer.length < settings.maxNewTokens) {
    const logits = reader.logits();
    logits[tokenizer.padId] = -Infinity;
    logits[tokenizer.unknownId] = -Infinity;
    if (settings.repetitionPenalty !== 1) penalise(logits, seen, settings.repetitionPenalty);
    const next = settings.temperature === 0 ? argmax(logits) : sample(logits, settings, random);
    answer.push(next);
    if (next === tokenizer.endId) break;
    seen.add(next);
    reader.read(next);
    options.onToken?.(answer);
  }
  return answer;
}

/** As CTRL and Hugging Face do: a word already seen loses, whatever the sign of its logit. */
function penalise(logits: Float32Array, seen: ReadonlySet<number>, penalty: number): void {
  for (const id of seen) {
    const value = logits[id] as number;
    logits[id] = value < 0 ? value * penalty : value / penalty;
  }
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

function sample(logits: Float32Array, settings: SamplingSettings, random: () => number): number {
  const order = settings.topK > 0 || settings.topP < 1 ? byLikelihood(logits) : null;
  const kept = order === null ? null : order.slice(0, settings.topK > 0 ? settings.topK : order.length);
  const max = logits[kept?.[0] ?? argmax(logits)] as number;
  const count = kept?.length ?? logits.length;
  const weights = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    weights[i] = Math.exp(((logits[kept?.[i] ?? i] as number) - max) / settings.temperature);
    total += weights[i] as number;
  }
  const limit = kept === null || settings.topP >= 1 ? count : nucleusSize(weights, total * settings.topP);
  let mass = 0;
  for (let i = 0; i < limit; i++) mass += weights[i] as number;
  let left = random() * mass;
  for (let i = 0; i < limit; i++) {
    left -= weights[i] as number;
    if (left < 0) return kept?.[i] ?? i;
  }
  return kept?.[limit - 1] ?? argmax(logits);
}

function byLikelihood(logits: Float32Array): number[] {
  return Array.from(logits.keys()).sort((a, b) => (logits[b] as number) - (logits[a] as number));
}

/** How many of the likeliest words it takes to reach `mass`. */
function nucleusSize(weights: Float64Array, mass: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] as number;
    if (sum >= mass) return i + 1;
  }
  return weights.length;
}
