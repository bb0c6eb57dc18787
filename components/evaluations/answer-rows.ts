import type { AnswerView, EvaluationModel, EvaluationView, ModelKey } from "@/server/contracts/evaluations";
import { isCutOff, repeatsItself } from "./answer-marks";

export interface AnswerRow {
  /** Place among the evaluation's prompts, from 0. */
  index: number;
  prompt: string;
  answers: ReadonlyMap<ModelKey, AnswerView>;
}

export const SORTS = [
  { value: "order", label: "In order" },
  { value: "gain", label: "Biggest gain" },
  { value: "best", label: "Best" },
  { value: "worst", label: "Worst" },
] as const;
export type Sort = (typeof SORTS)[number]["value"];

export const SHOWN = ["all", "lost", "marked"] as const;
export type Shown = (typeof SHOWN)[number];

/** A row per prompt, in their order. */
export function answerRows({ prompts, answers }: Pick<EvaluationView, "prompts" | "answers">): AnswerRow[] {
  const rows = prompts.map((prompt, index) => ({
    index,
    prompt,
    answers: new Map<ModelKey, AnswerView>(),
  }));
  for (const answer of answers) rows[answer.promptIndex]?.answers.set(answer.modelKey, answer);
  return rows;
}

/** Models that have answered nothing. */
export function silentModels({
  models,
  answers,
}: Pick<EvaluationView, "models" | "answers">): EvaluationModel[] {
  return models.filter(({ key }) => !answers.some(({ modelKey }) => modelKey === key));
}

/** How much better than the baseline; null when one of the two has no score. */
export function gainOf(row: AnswerRow, key: ModelKey): number | null {
  const [own, baseline] = [scoreOf(row, key), scoreOf(row, "baseline")];
  return own === null || baseline === null ? null : own - baseline;
}

/** By what `by` answered: rows without that figure come last, equal ones stay in order. */
export function sortRows(rows: readonly AnswerRow[], sort: Sort, by: ModelKey): AnswerRow[] {
  if (sort === "order") return [...rows];
  const figure = (row: AnswerRow) => (sort === "gain" ? gainOf(row, by) : scoreOf(row, by));
  const direction = sort === "worst" ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return (x - y) * direction;
  });
}

export interface RowFilter {
  /** Words of the prompt or of any answer; all have to be there, in any order and case. */
  text: string;
  /** lost: `by` scored below the baseline. marked: an answer repeats itself or was cut off. */
  shown: Shown;
  by: ModelKey;
}

export function filterRows(rows: readonly AnswerRow[], { text, shown, by }: RowFilter): AnswerRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => isShown(row, shown, by) && words.every((word) => says(row, word)));
}

function isShown(row: AnswerRow, shown: Shown, by: ModelKey): boolean {
  switch (shown) {
    case "all":
      return true;
    case "lost":
      return (gainOf(row, by) ?? 0) < 0;
    case "marked":
      return [...row.answers.values()].some((answer) => isCutOff(answer) || repeatsItself(answer.text));
  }
}

function says(row: AnswerRow, word: string): boolean {
  if (row.prompt.toLowerCase().includes(word)) return true;
  return [...row.answers.values()].some(({ text }) => text.toLowerCase().includes(word));
}

function scoreOf(row: AnswerRow, key: ModelKey): number | null {
  return row.answers.get(key)?.rewardScore ?? null;
}
