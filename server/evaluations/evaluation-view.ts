import { z } from "zod";
import {
  EvaluationModel,
  type EvaluationSummary,
  type EvaluationView,
  GenerationSettings,
  MODEL_KEYS,
  type ModelScore,
} from "../contracts/evaluations";
import { STATUSES } from "../contracts/statuses";
import type { Prisma } from "../db";

const RUN = {
  run: {
    select: {
      name: true,
      nodeId: true,
      stages: { where: { kind: "reward" }, select: { status: true } },
    },
  },
} as const satisfies Prisma.EvaluationInclude;

export const SUMMARY_INCLUDE = {
  ...RUN,
  _count: { select: { answers: { where: { isComplete: true } } } },
} as const satisfies Prisma.EvaluationInclude;

export const EVALUATION_INCLUDE = {
  ...SUMMARY_INCLUDE,
  answers: { orderBy: [{ promptIndex: "asc" }, { modelKey: "asc" }] },
  attempts: { select: { id: true }, orderBy: { number: "desc" }, take: 1 },
} as const satisfies Prisma.EvaluationInclude;

type SummaryRow = Prisma.EvaluationGetPayload<{ include: typeof SUMMARY_INCLUDE }>;
type EvaluationRow = Prisma.EvaluationGetPayload<{ include: typeof EVALUATION_INCLUDE }>;

const Prompts = z.array(z.string());
const FinishReason = z.enum(["stop", "length"]).nullable();

export function evaluationSummary(row: SummaryRow, scores: readonly ModelScore[]): EvaluationSummary {
  const models = z.array(EvaluationModel).parse(row.models);
  return {
    id: row.id,
    runId: row.runId,
    runName: row.run.name,
    name: row.name,
    status: z.enum(STATUSES).parse(row.status),
    reason: row.reason,
    promptCount: Prompts.parse(row.prompts).length,
    models,
    answersDone: row._count.answers,
    scores: models.map(
      ({ key }) =>
        scores.find(({ modelKey }) => modelKey === key) ?? { modelKey: key, scoredCount: 0, meanScore: null },
    ),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

export function evaluationView(row: EvaluationRow, scores: readonly ModelScore[]): EvaluationView {
  return {
    ...evaluationSummary(row, scores),
    prompts: Prompts.parse(row.prompts),
    settings: GenerationSettings.parse(row.settings),
    hasRewardModel: row.run.stages.some((stage) => stage.status === "succeeded"),
    answers: row.answers.map((answer) => ({
      promptIndex: answer.promptIndex,
      modelKey: z.enum(MODEL_KEYS).parse(answer.modelKey),
      text: answer.text,
      isComplete: answer.isComplete,
      tokenCount: answer.tokenCount,
      finishReason: FinishReason.catch(null).parse(answer.finishReason),
      rewardScore: answer.rewardScore,
      durationMs: answer.durationMs,
    })),
    attemptId: row.attempts[0]?.id ?? null,
  };
}
