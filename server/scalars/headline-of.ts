import type { Context } from "../context";
import type { Headline } from "../contracts/runs";
import { isTerminal, type StageKind, type Status } from "../contracts/statuses";
import { loadSeries } from "./load-series";
import { reduceSeries } from "./reduce-series";

const SPARK_POINTS = 58;
const MOST_REMEMBERED = 2000;

/** What tells best how a stage goes while it runs, and how it went: the first of these that has points. */
const TAGS = {
  sft: { running: ["loss", "eval/perplexity"], ended: ["eval/perplexity", "loss"] },
  reward: { running: ["loss", "reward_model/accuracy"], ended: ["reward_model/accuracy", "loss"] },
  ppo: { running: ["ppo/reward"], ended: ["ppo/reward"] },
} as const satisfies Record<StageKind, { running: readonly string[]; ended: readonly string[] }>;

interface Candidate {
  id: number;
  tag: string;
  status: Status;
  lastStep: string;
}

// A list shows many stages, most of them ended long ago; a headline stays right until its series has a later step.
const remembered = new Map<number, { lastStep: string; headline: Headline }>();

/**
 * First and last value of the one figure that tells how a stage's attempt goes, with a spark line; null before the
 * first scalar.
 */
export async function headlineOf(ctx: Context, attemptId: string, kind: StageKind): Promise<Headline | null> {
  const candidate = await chooseSeries(ctx, attemptId, kind);
  if (candidate === null) return null;
  const known = remembered.get(candidate.id);
  if (known?.lastStep === candidate.lastStep) return known.headline;
  const headline = await makeHeadline(ctx, candidate);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(candidate.id, { lastStep: candidate.lastStep, headline });
  return headline;
}

async function chooseSeries(ctx: Context, attemptId: string, kind: StageKind): Promise<Candidate | null> {
  const { running, ended } = TAGS[kind];
  const { rows } = await ctx.db.pool.query<Candidate>(
    `SELECT t.id, t.tag, a.status, s.step::text AS "lastStep"
     FROM attempt a JOIN scalar_tag t ON t.attempt_id = a.id AND t.tag = ANY($2)
     CROSS JOIN LATERAL (SELECT step FROM scalar WHERE tag_id = t.id ORDER BY step DESC LIMIT 1) AS s
     WHERE a.id = $1 ORDER BY t.source, t.id`,
    [attemptId, running],
  );
  const status = rows[0]?.status;
  const wanted: readonly string[] = status !== undefined && isTerminal(status) ? ended : running;
  for (const tag of wanted) {
    const found = rows.find((row) => row.tag === tag);
    if (found) return found;
  }
  return null;
}

async function makeHeadline(ctx: Context, { id, tag }: Candidate): Promise<Headline> {
  const { values } = await loadSeries(ctx.db.pool, id, null);
  const { kept } = reduceSeries(values, SPARK_POINTS);
  const spark = Array.from(kept, (i) => values[i] as number);
  const finite = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return { tag, first: finite(values[0]), last: finite(values.at(-1)), spark };
}
