import type { Pool } from "pg";
import { z } from "zod";
import type { StageKind } from "../contracts/statuses";
import type { StepMark } from "./live-pace";

/** Written once a step. PPO's learning rates count the steps of two engines, not batches. */
const STEP_TAGS = {
  sft: ["lr", "loss"],
  reward: ["lr", "loss"],
  ppo: ["ppo/reward", "ppo/actor_loss"],
} as const satisfies Record<StageKind, readonly string[]>;
/** An event file has the writer's own times; it may lag behind the log by this share and still be the better one. */
const LAG_SHARE = 0.5;

/** The series that tells best when an attempt's steps were done. */
export interface StepSeries {
  seriesId: number;
  lastStep: number;
  /** Of the last step: the node's clock in an event file, ours in a log; null: not known. */
  lastSeconds: number | null;
  /** When the newest step of any series arrived here, by our clock. */
  arrivedSeconds: number;
}

const Row = z.object({
  attemptId: z.uuid(),
  seriesId: z.number().int(),
  tag: z.string(),
  source: z.enum(["log", "events"]),
  lastStep: z.coerce.number().int(),
  lastSeconds: z.number().nullable(),
  fileSeconds: z.number(),
});
type Row = z.infer<typeof Row>;

/** By attempt. One look into the index for each series. */
export async function findStepSeries(
  pool: Pool,
  attempts: readonly { attemptId: string; kind: StageKind }[],
): Promise<Map<string, StepSeries>> {
  if (attempts.length === 0) return new Map();
  const { rows } = await pool.query(
    `SELECT t.attempt_id AS "attemptId", t.id AS "seriesId", t.tag, t.source, last.step AS "lastStep",
       last.wall_time AS "lastSeconds", extract(epoch FROM f."updatedAt")::float8 AS "fileSeconds"
     FROM scalar_tag t
     CROSS JOIN LATERAL (SELECT step, wall_time, file_id FROM scalar WHERE tag_id = t.id ORDER BY step DESC LIMIT 1) AS last
     JOIN node_file f ON f.id = last.file_id
     WHERE t.attempt_id = ANY($1) AND t.tag = ANY($2) ORDER BY t.id`,
    [attempts.map(({ attemptId }) => attemptId), [...new Set(Object.values(STEP_TAGS).flat())]],
  );
  const parsed = z.array(Row).parse(rows);
  return new Map(
    attempts.flatMap(({ attemptId, kind }): [string, StepSeries][] => {
      const tags: readonly string[] = STEP_TAGS[kind];
      const own = parsed.filter((row) => row.attemptId === attemptId && tags.includes(row.tag));
      const chosen = chooseSeries(own);
      if (chosen === null) return [];
      const { seriesId, lastStep, lastSeconds } = chosen;
      return [
        [attemptId, { seriesId, lastStep, lastSeconds, arrivedSeconds: Math.max(...own.map(arrivedAt)) }],
      ];
    }),
  );
}

function chooseSeries(rows: readonly Row[]): Row | null {
  const furthest = Math.max(0, ...rows.map(({ lastStep }) => lastStep));
  const rank = ({ source, lastStep }: Row) =>
    source === "events" && lastStep >= LAG_SHARE * furthest ? furthest + lastStep : lastStep;
  return rows.reduce<Row | null>((best, row) => (best === null || rank(row) > rank(best) ? row : best), null);
}

/** A line that was followed has its own time of arrival. */
function arrivedAt({ source, lastSeconds, fileSeconds }: Row): number {
  return source === "log" ? (lastSeconds ?? fileSeconds) : fileSeconds;
}

export interface WantedMarks {
  seriesId: number;
  /** Steps, both ends included. */
  ranges: readonly [from: number, to: number][];
}

/** Marks of these steps by series, in the order of steps; steps without a time are left out. */
export async function readStepMarks(
  pool: Pool,
  wanted: readonly WantedMarks[],
): Promise<Map<number, StepMark[]>> {
  const marks = new Map<number, StepMark[]>(wanted.map(({ seriesId }) => [seriesId, []]));
  const ranges = wanted.flatMap(({ seriesId, ranges }) =>
    ranges.map(([from, to]) => ({ seriesId, from, to })),
  );
  if (ranges.length === 0) return marks;
  const { rows } = await pool.query<{ id: number; step: string; at: number }>(
    `SELECT s.tag_id AS id, s.step, min(s.wall_time) AS at
     FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS r (id, from_step, to_step)
     JOIN scalar s ON s.tag_id = r.id AND s.step BETWEEN r.from_step AND r.to_step
     WHERE s.wall_time IS NOT NULL GROUP BY s.tag_id, s.step ORDER BY s.tag_id, s.step`,
    [ranges.map(({ seriesId }) => seriesId), ranges.map(({ from }) => from), ranges.map(({ to }) => to)],
  );
  for (const { id, step, at } of rows) marks.get(id)?.push({ step: Number(step), atSeconds: at });
  return marks;
}
