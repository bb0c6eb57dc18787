import type { FieldValue } from "../../contracts/recipes";

const FAMILIES = [
  { family: "OPT", pattern: /(?:^|[-_/])opt[-_]?\d/i },
  { family: "Llama", pattern: /llama/i },
  { family: "BLOOM", pattern: /bloom/i },
  { family: "GPT", pattern: /gpt/i },
  { family: "practice", pattern: /^practice\// },
] as const;
export type ModelFamily = (typeof FAMILIES)[number]["family"];

/** By name; null for a name that tells nothing. */
export function modelFamily(name: FieldValue | undefined): ModelFamily | null {
  if (typeof name !== "string") return null;
  return FAMILIES.find(({ pattern }) => pattern.test(name))?.family ?? null;
}

/** Billions of parameters, by name: opt-1.3b, opt-350m, bloom-1b1. null for a name that tells nothing. */
export function modelBillions(name: FieldValue | undefined): number | null {
  if (typeof name !== "string") return null;
  const last = name.split("/").at(-1) ?? name;
  const match = /(?:^|[-_])(\d+(?:\.\d+)?)([bm])(\d?)(?:$|[-_.])/i.exec(last);
  if (match === null) return null;
  const [, whole, unit, tenth] = match;
  const value = Number(tenth ? `${whole}.${tenth}` : whole);
  return unit?.toLowerCase() === "m" ? value / 1000 : value;
}

/** OPT's tokenizer puts one token before every text, the others none. null: cannot be told from the name. */
export function paddingAtBeginning(name: FieldValue | undefined): 0 | 1 | null {
  const family = modelFamily(name);
  if (family === null) return null;
  return family === "OPT" ? 1 : 0;
}

const TOKENIZERS = [
  { tokenizer: "OPT", pattern: /(?:^|[-_/])opt[-_]?\d/i },
  { tokenizer: "Llama 3", pattern: /llama-?3/i },
  { tokenizer: "Code Llama", pattern: /codellama/i },
  { tokenizer: "Llama", pattern: /llama/i },
  { tokenizer: "BLOOM", pattern: /bloom/i },
  { tokenizer: "mGPT", pattern: /(?:^|\/)mgpt/i },
  { tokenizer: "GPT-NeoX", pattern: /neox|pythia/i },
  { tokenizer: "GPT-2", pattern: /gpt2|gpt-neo|gpt-j/i },
  { tokenizer: "practice", pattern: /^practice\// },
] as const;

/** Models of one answer read the same tokens. By name; null for a name that tells nothing. */
export function tokenizerOf(name: FieldValue | undefined): string | null {
  if (typeof name !== "string") return null;
  return TOKENIZERS.find(({ pattern }) => pattern.test(name))?.tokenizer ?? null;
}

/** max_position_embeddings of the published configurations; learned ones end there, rotary ones only lose their sense. */
const POSITIONS = [
  { pattern: /(?:^|[-_/])opt[-_]?\d/i, count: 2048, isLearned: true },
  { pattern: /(?:^|\/)(?:distil)?gpt2\b/i, count: 1024, isLearned: true },
  { pattern: /llama-?3\.\d/i, count: 131_072, isLearned: false },
  { pattern: /llama-?3/i, count: 8192, isLearned: false },
  { pattern: /(?:^|[-_/])llama-?2/i, count: 4096, isLearned: false },
] as const;

/** null: the name does not tell, or there is no bound (BLOOM). */
export function positionsOf(name: string): { count: number; isLearned: boolean } | null {
  return POSITIONS.find(({ pattern }) => pattern.test(name)) ?? null;
}
