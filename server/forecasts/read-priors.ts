import type { Pool } from "pg";
import { z } from "zod";
import type { Context } from "../context";
import type { RunParameters } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";
import { isAppError } from "../errors";
import { type Estimator, readEstimator } from "../estimates";
import type { Prior } from "./forecast-stage";
import { findStepSeries } from "./read-step-marks";

const TAIL_ATTEMPTS = 5;
const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 500;

/** What is expected of a run's stages; `before`: as it would have been told then. */
export type PriorReader = (stage: StageKind, before?: Date) => Promise<Prior>;

interface Asked {
  id: string;
  nodeId: string;
  parameters: RunParameters;
  stages: readonly { status: string }[];
}

// Pages read a run at every step, and what finished before changes seldom.
const remembered = new WeakMap<Pool, Map<string, { atMs: number; priors: Promise<PriorReader> }>>();

/** Kept for half a minute, or until a stage of the run has another status. */
export function readPriors(ctx: Context, run: Asked): Promise<PriorReader> {
  const { pool } = ctx.db;
  const ofPool = remembered.get(pool) ?? new Map();
  remembered.set(pool, ofPool);
  const key = [run.id, ...run.stages.map(({ status }) => status)].join(" ");
  const known = ofPool.get(key);
  const nowMs = performance.now();
  if (known !== undefined && nowMs - known.atMs < REMEMBERED_MS) return known.priors;
  const priors = makeReader(ctx, run).catch((error) => {
    ofPool.delete(key);
    throw error;
  });
  if (ofPool.size >= MOST_REMEMBERED) ofPool.clear();
  ofPool.set(key, { atMs: nowMs, priors });
  return priors;
}

async function makeReader(ctx: Context, { nodeId, parameters }: Asked): Promise<PriorReader> {
  const estimator = await findEstimator(ctx, nodeId, parameters);
  const answers = new Map<string, Promise<Prior>>();
  return (stage, before) => {
    const key = `${stage} ${before?.getTime() ?? ""}`;
    const answer = answers.get(key) ?? priorOf(ctx.db.pool, { estimator, stage, parameters, before });
    answers.set(key, answer);
    return answer;
  };
}

/** null: the node was removed. */
async function findEstimator(
  ctx: Context,
  nodeId: string,
  parameters: RunParameters,
): Promise<Estimator | null> {
  try {
    return await readEstimator(ctx, { nodeId, parameters });
  } catch (error) {
    if (isAppError(error) && error.code === "VALIDATION") return null;
    throw error;
  }
}

interface PriorInput {
  estimator: Estimator | null;
  stage: StageKind;
  parameters: RunParameters;
  before: Date | undefined;
}

async function priorOf(pool: Pool, { estimator, stage, parameters, before }: PriorInput): Promise<Prior> {
  if (estimator === null) return { time: null, reason: "Its node was removed.", tailSeconds: null };
  const { time, timeReason } = estimator.estimate(stage, parameters, before);
  const attemptIds = estimator.listOwnAttempts(stage, parameters, before).slice(0, TAIL_ATTEMPTS);
  return { time, reason: timeReason, tailSeconds: await readTail(pool, { attemptIds, stage }) };
}

const Ended = z.object({ id: z.uuid(), stepsTotal: z.number().nullable(), endedSeconds: z.number() });

/** Median of the seconds between the last step and the end of finished attempts; null: no such time is known. */
async function readTail(
  pool: Pool,
  { attemptIds, stage }: { attemptIds: readonly string[]; stage: StageKind },
): Promise<number | null> {
  if (attemptIds.length === 0) return null;
  const { rows } = await pool.query(
    `SELECT id, "stepsTotal", extract(epoch FROM "endedAt")::float8 AS "endedSeconds" FROM attempt WHERE id = ANY($1)`,
    [attemptIds],
  );
  const ended = z.array(Ended).parse(rows);
  const series = await findStepSeries(
    pool,
    attemptIds.map((attemptId) => ({ attemptId, kind: stage })),
  );
  const tails = ended.flatMap(({ id, stepsTotal, endedSeconds }) => {
    const last = series.get(id);
    if (last === undefined || last.lastSeconds === null || last.lastStep !== stepsTotal) return [];
    // A node's clock that is ahead of ours would make it negative.
    return endedSeconds >= last.lastSeconds ? [endedSeconds - last.lastSeconds] : [];
  });
  return tails.sort((a, b) => a - b)[Math.floor(tails.length / 2)] ?? null;
}
