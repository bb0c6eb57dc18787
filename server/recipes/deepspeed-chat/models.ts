import { modelBillions } from "./model-family";

export type Family = "OPT" | "Llama" | "BLOOM" | "GPT-2";

/** What a decoder's memory and work depend on. Sizes in elements, not bytes. */
export interface Model {
  /** As people say it: OPT-1.3B. */
  name: string;
  family: Family;
  hidden: number;
  layers: number;
  heads: number;
  /** Fewer than `heads` where they share keys and values. */
  keyValueHeads: number;
  /** Inner width of the feed-forward block. */
  inner: number;
  vocabulary: number;
  /** Width of the token embedding; differs from `hidden` in OPT-350M only. */
  embedding: number;
  /** false: of a name that says its size but not its shape; the shape is that of the nearest known model. */
  isKnown: boolean;
}

interface Row {
  size: string;
  hidden: number;
  layers: number;
  heads: number;
  keyValueHeads?: number;
  inner?: number;
  embedding?: number;
}

const VOCABULARY = { OPT: 50_272, Llama: 32_000, BLOOM: 250_880, "GPT-2": 50_257 } as const;
const POSITIONS = { OPT: 2050, Llama: 0, BLOOM: 0, "GPT-2": 1024 } as const;

/** Shapes as the published config.json of each model has them. */
const CATALOGUE = {
  OPT: [
    { size: "125M", hidden: 768, layers: 12, heads: 12 },
    { size: "350M", hidden: 1024, layers: 24, heads: 16, embedding: 512 },
    { size: "1.3B", hidden: 2048, layers: 24, heads: 32 },
    { size: "2.7B", hidden: 2560, layers: 32, heads: 32 },
    { size: "6.7B", hidden: 4096, layers: 32, heads: 32 },
    { size: "13B", hidden: 5120, layers: 40, heads: 40 },
    { size: "30B", hidden: 7168, layers: 48, heads: 56 },
    { size: "66B", hidden: 9216, layers: 64, heads: 72 },
    { size: "175B", hidden: 12_288, layers: 96, heads: 96 },
  ],
  Llama: [
    { size: "7B", hidden: 4096, layers: 32, heads: 32, inner: 11_008 },
    { size: "13B", hidden: 5120, layers: 40, heads: 40, inner: 13_824 },
    { size: "70B", hidden: 8192, layers: 80, heads: 64, inner: 28_672, keyValueHeads: 8 },
  ],
  BLOOM: [
    { size: "560M", hidden: 1024, layers: 24, heads: 16 },
    { size: "1.1B", hidden: 1536, layers: 24, heads: 16 },
    { size: "1.7B", hidden: 2048, layers: 24, heads: 16 },
    { size: "3B", hidden: 2560, layers: 30, heads: 32 },
    { size: "7.1B", hidden: 4096, layers: 30, heads: 32 },
    { size: "176B", hidden: 14_336, layers: 70, heads: 112 },
  ],
  "GPT-2": [
    { size: "124M", hidden: 768, layers: 12, heads: 12 },
    { size: "355M", hidden: 1024, layers: 24, heads: 16 },
    { size: "774M", hidden: 1280, layers: 36, heads: 20 },
    { size: "1.5B", hidden: 1600, layers: 48, heads: 25 },
  ],
} as const satisfies Record<Family, readonly Row[]>;

const LABEL = { OPT: "OPT", Llama: "Llama-2", BLOOM: "BLOOM", "GPT-2": "GPT-2" } as const;
const GPT2_SIZES: Readonly<Record<string, number>> = { "": 0, medium: 1, large: 2, xl: 3 };

export const MODELS: readonly Model[] = (["OPT", "Llama", "BLOOM", "GPT-2"] as const).flatMap((family) =>
  CATALOGUE[family].map((row) => modelOf(family, row)),
);

function modelOf(family: Family, row: Row): Model {
  const { size, hidden, layers, heads, keyValueHeads = heads, inner = 4 * hidden, embedding = hidden } = row;
  const shape = { hidden, layers, heads, keyValueHeads, inner, embedding };
  return {
    name: `${LABEL[family]}-${size}`,
    family,
    ...shape,
    vocabulary: VOCABULARY[family],
    isKnown: true,
  };
}

/**
 * Parameters, exactly as transformers counts them (weights that are tied counted once): embeddings, attention,
 * feed-forward block, biases and norms. Checked against the models built by transformers 5.23 without weights.
 */
export function parameterCount(model: Model): number {
  const { hidden, layers, vocabulary, embedding, family } = model;
  const tokens = vocabulary * embedding + POSITIONS[family] * hidden;
  const projections = embedding === hidden ? 0 : 2 * embedding * hidden;
  // OPT-350M normalises after each block instead of before, so it has no norm at the end.
  const lastNorm = family === "Llama" ? hidden : projections > 0 ? 0 : 2 * hidden;
  const firstNorm = family === "BLOOM" ? 2 * hidden : 0;
  const head = family === "Llama" ? vocabulary * hidden : 0;
  return (
    tokens +
    projections +
    firstNorm +
    lastNorm +
    head +
    layers * (linearPerLayer(model) + smallPerLayer(model))
  );
}

/** Weights of one layer's linear maps: what LoRA freezes and puts two small factors beside. */
export function linearPerLayer({ hidden, inner, heads, keyValueHeads, family }: Model): number {
  const attention = 2 * hidden * hidden + 2 * hidden * hidden * (keyValueHeads / heads);
  return attention + (family === "Llama" ? 3 : 2) * hidden * inner;
}

/** Biases and norms of one layer. */
function smallPerLayer({ hidden, inner, family }: Model): number {
  return family === "Llama" ? 2 * hidden : 4 * hidden + (hidden + inner) + 4 * hidden;
}

/** Elements of LoRA's factors of this rank beside every linear map of every layer (Hu et al. 2021, section 4.1). */
export function loraParameterCount(model: Model, rank: number): number {
  const { hidden, inner, heads, keyValueHeads, layers, family } = model;
  const keyValue = hidden * (keyValueHeads / heads);
  const attention = 2 * (2 * hidden) + 2 * (hidden + keyValue);
  return layers * rank * (attention + (family === "Llama" ? 3 : 2) * (hidden + inner));
}

/**
 * By a name such as facebook/opt-1.3b, meta-llama/Llama-2-7b-hf, bigscience/bloom-1b1, gpt2-large, or a path that ends
 * in one. A name that says only a size gets the shape of the nearest OPT with its layers scaled. null: tells nothing.
 */
export function findModel(name: string): Model | null {
  const last = name.toLowerCase().split("/").at(-1) ?? "";
  const gpt2 = /^gpt2(?:-(medium|large|xl))?$/.exec(last);
  const ofGpt2 = gpt2 && CATALOGUE["GPT-2"][GPT2_SIZES[gpt2[1] ?? ""] ?? 0];
  if (ofGpt2) return modelOf("GPT-2", ofGpt2);
  const billions = modelBillions(last);
  if (billions === null) return null;
  const family = familyOf(last);
  const known = family && CATALOGUE[family].find((row) => isAbout(sizeOf(row), billions));
  return known ? modelOf(family, known) : scaled(family ?? "OPT", billions, name.split("/").at(-1) ?? name);
}

function familyOf(name: string): Family | null {
  if (/(?:^|[-_])opt[-_]?\d/.test(name)) return "OPT";
  if (/llama/.test(name)) return "Llama";
  return /bloom/.test(name) ? "BLOOM" : null;
}

function sizeOf({ size }: Row): number {
  return Number.parseFloat(size) / (size.endsWith("M") ? 1000 : 1);
}

function isAbout(a: number, b: number): boolean {
  return Math.abs(Math.log(a / b)) < 0.01;
}

/** A model of this size: the nearest shape of the family, with as many layers as make up the size. */
function scaled(family: Family, billions: number, name: string): Model {
  const distance = (row: Row) => Math.abs(Math.log(sizeOf(row) / billions));
  const nearest = CATALOGUE[family].reduce<Row>(
    (best, row) => (distance(row) < distance(best) ? row : best),
    {
      ...CATALOGUE[family][0],
    },
  );
  const shape = modelOf(family, nearest);
  const layers = Math.max(1, Math.round(shape.layers * (billions / sizeOf(nearest))));
  return { ...shape, name, layers, isKnown: false };
}
