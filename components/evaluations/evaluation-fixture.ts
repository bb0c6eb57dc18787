import { type AnswerView, EvaluationView, type ModelKey } from "@/server/contracts/evaluations";

/** Scores by model, one a prompt; null: answered, not scored. */
export type Scores = Partial<Record<ModelKey, readonly (number | null)[]>>;

export function answer(
  modelKey: ModelKey,
  promptIndex: number,
  change: Partial<AnswerView> = {},
): AnswerView {
  return {
    modelKey,
    promptIndex,
    text: `${modelKey} answers ${promptIndex}`,
    isComplete: true,
    tokenCount: 10,
    finishReason: "stop",
    rewardScore: null,
    durationMs: 500,
    ...change,
  };
}

/** An evaluation for tests, whole by its contract. */
export function evaluationWith(scores: Scores, change: Partial<EvaluationView> = {}): EvaluationView {
  const keys = Object.keys(scores) as ModelKey[];
  const promptCount = Math.max(0, ...Object.values(scores).map((own) => own.length));
  return EvaluationView.parse({
    id: "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01",
    runId: "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a02",
    runName: "a run",
    name: "an evaluation",
    status: "succeeded",
    reason: null,
    promptCount,
    models: keys.map((key) => ({ key, label: key, path: `/models/${key}` })),
    answersDone: 0,
    scores: [],
    createdBy: "ada@example.org",
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: null,
    prompts: Array.from({ length: promptCount }, (_, index) => `Human: prompt ${index}? Assistant:`),
    settings: {},
    hasRewardModel: true,
    answers: keys.flatMap((key) =>
      (scores[key] ?? []).map((rewardScore, index) => answer(key, index, { rewardScore })),
    ),
    attemptId: null,
    ...change,
  });
}
