import { createRandom, fillNormal, hashText } from "./random";

/** A feed-forward language model: the last `window` words, a learned pool of all words so far, and a fading pool of the recent ones. */
export interface ModelShape {
  vocabularySize: number;
  embeddingSize: number;
  hiddenSize: number;
  window: number;
}

export const TINY_SHAPE = { embeddingSize: 32, hiddenSize: 96, window: 4 } as const;

/** A rare word weighs more in the pool from the start: its count to the minus RARITY. */
const RARITY = 0.7;

export const PARAMETER_NAMES = [
  "embedding",
  "context",
  "salience",
  "input.weight",
  "input.bias",
  "output.weight",
  "output.bias",
  "word.bias",
  "v_head.weight",
] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** One flat array with named windows into it, so that optimizer, clipping and checkpoints are single loops. */
export interface Parameters {
  readonly shape: ModelShape;
  readonly flat: Float32Array;
  readonly views: Readonly<Record<ParameterName, Float32Array>>;
}

export function featureSize(shape: ModelShape): number {
  return (shape.window + 2) * shape.embeddingSize;
}

export function parameterSizes(shape: ModelShape): Record<ParameterName, number> {
  const { vocabularySize: words, embeddingSize: width, hiddenSize: hidden } = shape;
  return {
    embedding: words * width,
    context: words * width,
    salience: words,
    "input.weight": hidden * featureSize(shape),
    "input.bias": hidden,
    "output.weight": width * hidden,
    "output.bias": width,
    "word.bias": words,
    "v_head.weight": hidden,
  };
}

export function createParameters(shape: ModelShape): Parameters {
  const sizes = parameterSizes(shape);
  const flat = new Float32Array(PARAMETER_NAMES.reduce((sum, name) => sum + sizes[name], 0));
  let offset = 0;
  const take = (name: ParameterName) => {
    const view = flat.subarray(offset, offset + sizes[name]);
    offset += sizes[name];
    return view;
  };
  const entries = PARAMETER_NAMES.map((name) => [name, take(name)] as const);
  // Safe because entries holds exactly PARAMETER_NAMES.
  const views = Object.fromEntries(entries) as Record<ParameterName, Float32Array>;
  return { shape, flat, views };
}

/** An untrained model: the name decides its weights, as a download would. All it knows is which words are rare. */
export function initialiseParameters(
  shape: ModelShape,
  options: { name: string; wordCounts: readonly number[] },
): Parameters {
  const parameters = createParameters(shape);
  const random = createRandom(hashText(options.name));
  const { views } = parameters;
  fillNormal(views.embedding, random, 0.3);
  fillNormal(views.context, random, 1);
  fillNormal(views["input.weight"], random, 1 / Math.sqrt(featureSize(shape)));
  fillNormal(views["output.weight"], random, 1 / Math.sqrt(shape.hiddenSize));
  options.wordCounts.forEach((count, word) => {
    views.salience[word] = -RARITY * Math.log(count);
  });
  fillNormal(views["v_head.weight"], random, 0.1);
  return parameters;
}

export function cloneParameters(source: Parameters): Parameters {
  const copy = createParameters(source.shape);
  copy.flat.set(source.flat);
  return copy;
}
