import type { Context } from "../context";
import type { AnswerView, EvaluationView } from "../contracts/evaluations";
import { renderCsv } from "../render-csv";
import { getEvaluation } from "./get-evaluation";

export interface ExportedFile {
  fileName: string;
  contentType: string;
  body: string;
}

const HEADER = [
  "prompt_index",
  "prompt",
  "model",
  "model_path",
  "answer",
  "reward_score",
  "tokens",
  "finish_reason",
  "duration_ms",
  "is_complete",
];

/** Prompts, answers and scores as a file: a row per prompt and model, also for answers that have not come. @throws AppError NOT_FOUND */
export async function exportEvaluation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; format: "csv" | "json" };
}): Promise<ExportedFile> {
  const evaluation = await getEvaluation({ ctx, input: { id: input.id } });
  const fileName = `evaluation-${evaluation.id}.${input.format}`;
  if (input.format === "json") {
    return { fileName, contentType: "application/json; charset=utf-8", body: renderJson(evaluation) };
  }
  return { fileName, contentType: "text/csv; charset=utf-8", body: renderRows(evaluation) };
}

function renderRows(evaluation: EvaluationView): string {
  const rows = cells(evaluation).map(({ promptIndex, prompt, model, answer }) => [
    promptIndex,
    prompt,
    model.key,
    model.path,
    answer?.text ?? null,
    answer?.rewardScore ?? null,
    answer?.tokenCount ?? null,
    answer?.finishReason ?? null,
    answer?.durationMs ?? null,
    answer?.isComplete ?? false,
  ]);
  return renderCsv(HEADER, rows);
}

function renderJson(evaluation: EvaluationView): string {
  const { id, runId, runName, name, createdAt, settings, models, prompts } = evaluation;
  const results = prompts.map((prompt, promptIndex) => ({
    prompt,
    answers: cells(evaluation)
      .filter((cell) => cell.promptIndex === promptIndex)
      .map(({ model, answer }) => ({ model: model.key, ...withoutKeys(answer) })),
  }));
  return `${JSON.stringify({ id, runId, runName, name, createdAt, settings, models, results }, null, 2)}\n`;
}

function withoutKeys(
  answer: AnswerView | null,
): Omit<AnswerView, "promptIndex" | "modelKey"> | { text: null } {
  if (answer === null) return { text: null };
  const { promptIndex: _promptIndex, modelKey: _modelKey, ...rest } = answer;
  return rest;
}

function cells({ prompts, models, answers }: EvaluationView) {
  return prompts.flatMap((prompt, promptIndex) =>
    models.map((model) => ({
      promptIndex,
      prompt,
      model,
      answer:
        answers.find((entry) => entry.promptIndex === promptIndex && entry.modelKey === model.key) ?? null,
    })),
  );
}
