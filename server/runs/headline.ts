import { z } from "zod";
import type { Headline } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";
import type { Database } from "../db";

/** Which figure tells how a stage goes: the first of these that has values. */
const HEADLINE_TAGS = {
  sft: ["loss", "eval/loss", "eval/perplexity"],
  reward: ["reward_model/accuracy", "loss"],
  ppo: ["ppo/reward", "ppo/actor_loss"],
} as const satisfies Record<StageKind, readonly string[]>;

const SPARK_POINTS = 60;
// zod's number refuses NaN and infinities, which a loss may well be.
const Float = z.custom<number>((value) => typeof value === "number");
const Row = z.object({
  attemptId: z.uuid(),
  tag: z.string(),
  first: Float,
  last: Float,
  spark: z.array(Float).nullable(),
});

// A series may hold millions of values, so nothing here reads one whole: the ends and the points of the spark line are
// looked up one by one in the primary key (tag, step).
const HEADLINES = `
  WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[]) AS w(attempt_id, tag, rank)),
  chosen AS (
    SELECT DISTINCT ON (w.attempt_id) w.attempt_id, t.id, t.tag FROM wanted w
    JOIN scalar_tag t ON t.attempt_id = w.attempt_id AND t.tag = w.tag
    WHERE EXISTS (SELECT 1 FROM scalar s WHERE s.tag_id = t.id)
    ORDER BY w.attempt_id, w.rank, t.source DESC, t.id),
  bounds AS (
    SELECT c.*, f.step AS first_step, f.value AS first, l.step AS last_step, l.value AS last FROM chosen c
    CROSS JOIN LATERAL (SELECT step, value FROM scalar WHERE tag_id = c.id ORDER BY step LIMIT 1) f
    CROSS JOIN LATERAL (SELECT step, value FROM scalar WHERE tag_id = c.id ORDER BY step DESC LIMIT 1) l)
  SELECT b.attempt_id AS "attemptId", b.tag, b.first, b.last, (
    SELECT array_agg(point.value ORDER BY point.step) FROM (
      SELECT DISTINCT ON (s.step) s.step, s.value FROM generate_series(0, $4::int - 1) AS i
      CROSS JOIN LATERAL (SELECT step, value FROM scalar WHERE tag_id = b.id
        AND step >= b.first_step + (b.last_step - b.first_step) * i / ($4::int - 1) ORDER BY step LIMIT 1) s
      ORDER BY s.step) point) AS spark
  FROM bounds b`;

/** Headlines of many attempts with one query, by attempt id. Attempts without values are not in the map. */
export async function headlinesOf(
  db: Database,
  attempts: readonly { id: string; kind: StageKind }[],
): Promise<Map<string, Headline>> {
  const wanted = attempts.flatMap(({ id, kind }) =>
    HEADLINE_TAGS[kind].map((tag, rank) => ({ id, tag, rank })),
  );
  if (wanted.length === 0) return new Map();
  const { rows } = await db.pool.query(HEADLINES, [
    wanted.map((entry) => entry.id),
    wanted.map((entry) => entry.tag),
    wanted.map((entry) => entry.rank),
    SPARK_POINTS,
  ]);
  const headlines = z.array(Row).parse(rows);
  return new Map(
    headlines.map(({ attemptId, tag, first, last, spark }) => [
      attemptId,
      { tag, first: finite(first), last: finite(last), spark: (spark ?? []).map(finite) },
    ]),
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
