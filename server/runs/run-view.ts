import { z } from "zod";
import type { Context } from "../context";
import {
  type Headline,
  RunParameters,
  type RunSummary,
  type RunView,
  type StageView,
} from "../contracts/runs";
import { STAGE_KINDS, STATUSES } from "../contracts/statuses";
import { readHeadlines } from "../scalars";
import { attemptView } from "./attempt-view";
import { progressOf } from "./progress";
import type { AttemptRow, RunRow, StageRow } from "./run-row";
import { withHiddenSecrets } from "./secret-parameters";

/** By attempt id. */
type Headlines = ReadonlyMap<string, Headline>;
/** A run as it is; server/forecasts adds what is to come. */
export type RunRecord = Omit<RunView, "forecast">;
export type RunSummaryRecord = Omit<RunSummary, "forecast">;

const Kind = z.enum(STAGE_KINDS);

/** One stage as its newest attempt has it. */
function stageView(row: StageRow, headlines: Headlines): StageView {
  const newest = newestOf(row);
  const status = z.enum(STATUSES).parse(row.status);
  const placed = newest?.placements.flatMap((placement) => placement.gpuUuids) ?? [];
  // A stage that waits for its next attempt shows nothing of the one before.
  const isWaiting = status === "queued" && newest !== null && newest.endedAt !== null;
  const steps = {
    stepsDone: isWaiting ? null : (newest?.stepsDone ?? null),
    stepsTotal: isWaiting ? null : (newest?.stepsTotal ?? null),
  };
  return {
    id: row.id,
    kind: Kind.parse(row.kind),
    status,
    reason: row.reason,
    gpuUuids: isWaiting || placed.length === 0 ? row.gpuUuids : placed,
    gpuCount: placed.length > 0 && !isWaiting ? placed.length : row.gpuUuids.length || row.gpuCount,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    ...steps,
    progress: progressOf({ status, ...steps }),
    headline: newest === null || isWaiting ? null : (headlines.get(newest.id) ?? null),
    attempts: row.attempts.map((attempt) => attemptView(attempt, row.runId)),
  };
}

export function runView(row: RunRow, headlines: Headlines): RunRecord {
  const stages = STAGE_KINDS.flatMap((kind) => row.stages.filter((stage) => stage.kind === kind)).map(
    (stage) => stageView(stage, headlines),
  );
  const parameters = RunParameters.parse(row.parameters);
  const modelName = parameters.stages.sft.fields.model_name_or_path;
  const used = new Set(stages.flatMap((stage) => stage.gpuUuids));
  return {
    id: row.id,
    name: row.name,
    recipe: row.recipe,
    nodeId: row.nodeId,
    nodeName: row.node.name,
    isPractice: row.node.isPractice,
    modelName: typeof modelName === "string" ? modelName : "",
    status: z.enum(STATUSES).parse(row.status),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    gpuCount: Math.max(used.size, ...stages.map((stage) => stage.gpuCount)),
    stages,
    evaluationId: row.evaluations[0]?.id ?? null,
    parameters: withHiddenSecrets(parameters),
    clonedFromId: row.clonedFromId,
  };
}

export function runSummary(row: RunRow, headlines: Headlines): RunSummaryRecord {
  const {
    parameters: _parameters,
    clonedFromId: _clonedFromId,
    stages,
    ...summary
  } = runView(row, headlines);
  return { ...summary, stages: stages.map(({ attempts: _attempts, ...stage }) => stage) };
}

/** The headline of the newest attempt of each stage, by attempt id. Attempts without scalars are not in the map. */
export function headlinesOf(ctx: Context, rows: readonly RunRow[]): Promise<Map<string, Headline>> {
  const newest = rows.flatMap((row) =>
    row.stages.flatMap((stage) => {
      const attempt = newestOf(stage);
      return attempt ? [{ attemptId: attempt.id, kind: Kind.parse(stage.kind) }] : [];
    }),
  );
  return readHeadlines(ctx, newest);
}

function newestOf(row: StageRow): AttemptRow | null {
  return row.attempts.reduce<AttemptRow | null>(
    (best, attempt) => (best === null || attempt.number > best.number ? attempt : best),
    null,
  );
}
