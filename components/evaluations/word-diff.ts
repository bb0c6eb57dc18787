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
