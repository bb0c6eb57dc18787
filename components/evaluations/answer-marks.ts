import type { AnswerView } from "@/server/contracts/evaluations";

/** Generation ended because the tokens were used up. */
export function isCutOff(answer: Pick<AnswerView, "finishReason">): boolean {
  return answer.finishReason === "length";
}

/** Whether the same four words come again and again: half of an answer's four-word runs were there before. */
export function repeatsItself(answer: string): boolean {
  const words = answer.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length < 12) return false;
  const runs = words.slice(3).map((_, index) => words.slice(index, index + 4).join(" "));
  return new Set(runs).size <= runs.length / 2;
}

/** What a reader should know about a whole answer, in a few words each. */
export function marksOf(answer: AnswerView, baseline: string | null): string[] {
  if (!answer.isComplete) return [];
  const text = answer.text.trim();
  const marks = [];
  if (text === "") marks.push("says nothing");
  else if (baseline !== null && text === baseline.trim()) marks.push("same as the baseline");
  if (repeatsItself(text)) marks.push("repeats itself");
  if (isCutOff(answer))
    marks.push(answer.tokenCount === null ? "cut off" : `cut off at ${answer.tokenCount} tokens`);
  return marks;
}
