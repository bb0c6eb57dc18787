import type { Context } from "../context";
import type { Headline } from "../contracts/runs";
import { isTerminal, type StageKind, type Status } from "../contracts/statuses";

const SPARK_POINTS = 58;
const MOST_REMEMBERED = 2000;

/** What tells best how a stage goes while it runs, and how it went: the first of these that has points. */
const TAGS = {
  sft: { running: ["loss", "eval/perplexity"], ended: ["eval/perplexity", "loss"] },
  reward: { running: ["loss", "reward_model/accuracy"], ended: ["reward_model/accuracy", "loss"] },
  ppo: { running: ["ppo/reward"], ended: ["ppo/reward"] },
} as const satisfies Record<StageKind, { running: readonly string[]; ended: readonly string[] }>;
const ALL_TAGS = [...new Set(Object.values(TAGS).flatMap(({ running }) => running))];

export interface HeadlineOwner {
  attemptId: string;
  kind: StageKind;
}

interface Candidate {
  attemptId: string;
  id: number;
  tag: string;
  status: Status;
  firstStep: string;
  lastStep: string;
  first: number;
  last: number;
}

// A list shows many stages, most of them ended long ago; a spark line stays right until its series has a later step.
const remembered = new Map<number, { lastStep: string; spark: number[] }>();

/**
 * First and last value of the one figure that tells how each attempt goes, with a spark line; attempts without scalars are
 * not in the map. Two queries for a whole page, neither of which reads a series through.
 */
export async function readHeadlines(
  ctx: Context,
  owners: readonly HeadlineOwner[],
): Promise<Map<string, Headline>> {
  if (owners.length === 0) return new Map();
  const candidates = await listCandidates(ctx, owners);
  const chosen = owners.flatMap(({ attemptId, kind }) => choose(candidates.get(attemptId) ?? [], kind) ?? []);
  const sparks = await sparksOf(ctx, chosen);
  return new Map(
    chosen.map(({ attemptId, id, tag, first, last }) => [
      attemptId,
      { tag, first: finite(first), last: finite(last), spark: sparks.get(id) ?? [] },
    ]),
  );
}

async function listCandidates(
  ctx: Context,
  owners: readonly HeadlineOwner[],
): Promise<Map<string, Candidate[]>> {
  const { rows } = await ctx.db.pool.query<Candidate>(
    `SELECT a.id AS "attemptId", t.id, t.tag, a.status, first.step::text AS "firstStep", last.step::text AS "lastStep",
       first.value AS first, last.value AS last
     FROM attempt a JOIN scalar_tag t ON t.attempt_id = a.id AND t.tag = ANY($2)
     CROSS JOIN LATERAL (SELECT step, value FROM scalar WHERE tag_id = t.id ORDER BY step LIMIT 1) AS first
     CROSS JOIN LATERAL (SELECT step, value FROM scalar WHERE tag_id = t.id ORDER BY step DESC LIMIT 1) AS last
     WHERE a.id = ANY($1) ORDER BY t.source, t.id`,
    [owners.map(({ attemptId }) => attemptId), ALL_TAGS],
  );
  return groupBy(rows, ({ attemptId }) => attemptId);
}

function choose(candidates: readonly Candidate[], kind: StageKind): Candidate | null {
  const status = candidates[0]?.status;
  const { running, ended } = TAGS[kind];
  const wanted: readonly string[] = status !== undefined && isTerminal(status) ? ended : running;
  return wanted.flatMap((tag) => candidates.find((candidate) => candidate.tag === tag) ?? [])[0] ?? null;
}

/** Values at evenly spaced steps, one look into the index each. */
async function sparksOf(ctx: Context, series: readonly Candidate[]): Promise<Map<number, number[]>> {
  const stale = series.filter(({ id, lastStep }) => remembered.get(id)?.lastStep !== lastStep);
  if (stale.length > 0) {
    const { rows } = await ctx.db.pool.query<{ id: number; value: number }>(
      `SELECT DISTINCT ON (t.id, point.step) t.id, point.value
       FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS t (id, first, last), generate_series(0, $4::int - 1) AS n
       CROSS JOIN LATERAL (SELECT step, value FROM scalar
         WHERE tag_id = t.id AND step >= t.first + (t.last - t.first) * n / ($4::int - 1) ORDER BY step LIMIT 1) AS point
       ORDER BY t.id, point.step`,
      [
        stale.map(({ id }) => id),
        stale.map(({ firstStep }) => firstStep),
        stale.map(({ lastStep }) => lastStep),
        SPARK_POINTS,
      ],
    );
    const values = groupBy(rows, ({ id }) => id);
    if (remembered.size + stale.length > MOST_REMEMBERED) remembered.clear();
    for (const { id, lastStep } of stale) {
      const spark = (values.get(id) ?? []).map(({ value }) => value).filter(Number.isFinite);
      remembered.set(id, { lastStep, spark });
    }
  }
  return new Map(series.map(({ id }) => [id, remembered.get(id)?.spark ?? []]));
}

function groupBy<K, T>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
