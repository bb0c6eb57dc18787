import { z } from "zod";
import { inTransaction } from "../../db";
import { hashLog } from "../../logs";
import { holdLease } from "../../nodes/lease";
import pruneAttempts from "../scripts/prune-attempts.sh";
import { expectSuccess } from "../ssh";
import type { RemoveFilesOptions } from "./remove-due-files";

export interface PruneOptions extends RemoveFilesOptions {
  keepNodeLogsDays: number;
  /** Attempts whose directory was kept: not asked for again. Grows. */
  refused: Set<string>;
}

const Due = z.object({ id: z.uuid(), directory: z.string(), bytes: z.number() });
type Due = z.infer<typeof Due>;
const AT_ONCE = 50;
/** Both ends read every log of a round whole; a longer one goes alone. */
const MAX_BYTES_AT_ONCE = 1 << 30;
const TIMEOUT_MS = 120_000;
/** A slow disk's pace, for the node to hash. */
const LEAST_BYTES_PER_MS = 20_000;

// Every file of the attempt was read to its end.
const DUE = `SELECT a.id, a.directory, sum(log."offset")::float8 AS bytes
  FROM attempt a
  JOIN node_file log ON log."attemptId" = a.id AND log.kind = 'log'
  WHERE a."stageId" IS NOT NULL AND a.directory IS NOT NULL AND a."prunedAt" IS NULL
    AND a.status IN ('succeeded', 'failed', 'cancelled', 'interrupted')
    AND a."endedAt" < $2::timestamptz - $3 * interval '1 day'
    AND EXISTS (SELECT 1 FROM placement p WHERE p."attemptId" = a.id AND p."nodeId" = $1)
    AND NOT EXISTS (SELECT 1 FROM node_file f WHERE f."attemptId" = a.id AND f.generation =
      (SELECT max(g.generation) FROM node_file g WHERE g."attemptId" = a.id AND g.path = f.path)
      AND (NOT f."isComplete" OR f."offset" <> f.size))
    AND a.id <> ALL ($4::uuid[])
  GROUP BY a.id ORDER BY a."endedAt" LIMIT ${AT_ONCE}`;

/**
 * Removes directories of attempts that ended more than `keepNodeLogsDays` ago from this node, where the database has every
 * byte of the log: the node's file, and each that was moved aside, has the SHA-256 of one that is stored, and the end mark is
 * there. What Trainyard did not put there keeps a directory, and checkpoints lie elsewhere. Resolves to whether there may be more.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED, CONFLICT (the lease is gone)
 */
export async function pruneDirectories(options: PruneOptions): Promise<boolean> {
  const { ctx, lease, connection, keepNodeLogsDays, refused } = options;
  const { rows } = await ctx.db.pool.query(DUE, [lease.nodeId, ctx.now(), keepNodeLogsDays, [...refused]]);
  const found = z.array(Due).parse(rows);
  const due = firstOf(found);
  if (due.length === 0) return false;
  const args: string[] = [];
  for (const { id, directory } of due) args.push(id, directory, (await hashLog(ctx, id)).join(" "));
  const timeoutMs = TIMEOUT_MS + bytesOf(due) / LEAST_BYTES_PER_MS;
  const result = await connection.runScript(pruneAttempts, { args, timeoutMs });
  expectSuccess(result, "Removing old directories");
  const gone: string[] = [];
  for (const line of result.stdout.toString("utf8").split("\n")) {
    const [, attemptId, outcome = ""] = /^(\S+) (.+)$/.exec(line) ?? [];
    if (attemptId === undefined) continue;
    if (outcome === "pruned" || outcome === "absent") gone.push(attemptId);
    else refused.add(attemptId);
    const facts = { attemptId, outcome };
    if (outcome.startsWith("kept")) ctx.log.warn(facts, "an old directory was not removed");
    else ctx.log.info(facts, "an old directory was removed");
  }
  await inTransaction(ctx.db.pool, async (client) => {
    await holdLease(client, lease);
    await client.query(`UPDATE attempt SET "prunedAt" = $2 WHERE id = ANY ($1::uuid[])`, [gone, ctx.now()]);
  });
  return (found.length === AT_ONCE || due.length < found.length) && gone.length > 0;
}

const bytesOf = (due: readonly Due[]) => due.reduce((sum, { bytes }) => sum + bytes, 0);

/** As many from the front as are hashed in one go, at least one. */
function firstOf(found: readonly Due[]): Due[] {
  let count = 1;
  while (count < found.length && bytesOf(found.slice(0, count + 1)) <= MAX_BYTES_AT_ONCE) count += 1;
  return found.slice(0, count);
}
