export interface AnswerKey {
  keys: readonly string[];
  label: string;
  needsScores: boolean;
}

/** What the keyboard does on the answers; the acts are in answers-panel. */
export const ANSWER_KEYS: readonly AnswerKey[] = [
  { keys: ["j", "k"], label: "next, previous prompt", needsScores: false },
  { keys: ["h", "l"], label: "model to the left, right", needsScores: false },
  { keys: ["d"], label: "differences", needsScores: false },
  { keys: ["s"], label: "next order", needsScores: true },
  { keys: ["c"], label: "copy the answer", needsScores: false },
  { keys: ["/"], label: "search", needsScores: false },
  { keys: ["?"], label: "this help", needsScores: false },
];
