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
