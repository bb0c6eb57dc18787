import { diffWords } from "diff";

export interface Word {
  text: string;
  /** Not in the baseline's answer. */
  isNew: boolean;
}

/** The answer in pieces, those that the baseline did not say marked. */
export function wordDifferences(baseline: string, answer: string): Word[] {
  return diffWords(baseline, answer)
    .filter((part) => !part.removed)
    .map((part) => ({ text: part.value, isNew: part.added }));
}

/** Whether the same four words come again and again: half of an answer's four-word runs were there before. */
export function repeatsItself(answer: string): boolean {
  const words = answer.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length < 12) return false;
  const runs = words.slice(3).map((_, index) => words.slice(index, index + 4).join(" "));
  return new Set(runs).size <= runs.length / 2;
}
