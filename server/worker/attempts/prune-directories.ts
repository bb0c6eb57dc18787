import { z } from "zod";
import { inTransaction } from "../../db";
import { holdLease } from "../../nodes/lease";
import pruneAttempts from "../scripts/prune-attempts.sh";
import { expectSuccess } from "../ssh";
import type { RemoveFilesOptions } from "./remove-due-files";

export interface PruneOptions extends RemoveFilesOptions {
  keepNodeLogsDays: number;
  /** Attempts whose directory was kept: not asked for again. Grows. */
  refused: Set<string>;
}

const Due = z.object({ id: z.uuid(), directory: z.string(), size: z.string() });
const AT_ONCE = 50;
const TIMEOUT_MS = 120_000;

// Every file of the attempt was read to its end, and the log's chunks add up to it.
const DUE = `SELECT a.id, a.directory, log."offset"::text AS size
  FROM attempt a
  JOIN LATERAL (SELECT f.id, f."offset" FROM node_file f WHERE f."attemptId" = a.id AND f.path = 'training.log'
    ORDER BY f.generation DESC LIMIT 1) log ON true
  WHERE a."stageId" IS NOT NULL AND a.directory IS NOT NULL AND a."prunedAt" IS NULL
    AND a.status IN ('succeeded', 'failed', 'cancelled', 'interrupted')
    AND a."endedAt" < $2::timestamptz - $3 * interval '1 day'
    AND EXISTS (SELECT 1 FROM placement p WHERE p."attemptId" = a.id AND p."nodeId" = $1)
    AND NOT EXISTS (SELECT 1 FROM node_file f WHERE f."attemptId" = a.id AND f.generation =
      (SELECT max(g.generation) FROM node_file g WHERE g."attemptId" = a.id AND g.path = f.path)
      AND (NOT f."isComplete" OR f."offset" <> f.size))
    AND log."offset" = (SELECT coalesce(sum(octet_length(c.bytes)), 0) FROM log_chunk c WHERE c.file_id = log.id)
    AND a.id <> ALL ($4::uuid[])
  ORDER BY a."endedAt" LIMIT ${AT_ONCE}`;

/**
 * Removes directories of attempts that ended more than `keepNodeLogsDays` ago from this node, where the database has every
 * byte of the log: the node's file has the same length and the end mark is there. What Trainyard did not put there keeps a
 * directory, and checkpoints lie elsewhere. Resolves to whether there may be more.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED, CONFLICT (the lease is gone)
 */
export async function pruneDirectories(options: PruneOptions): Promise<boolean> {
  const { ctx, lease, connection, keepNodeLogsDays, refused } = options;
  const { rows } = await ctx.db.pool.query(DUE, [lease.nodeId, ctx.now(), keepNodeLogsDays, [...refused]]);
  const due = z.array(Due).parse(rows);
  if (due.length === 0) return false;
  const args = due.flatMap(({ id, directory, size }) => [id, directory, size]);
  const result = await connection.runScript(pruneAttempts, { args, timeoutMs: TIMEOUT_MS });
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
  return due.length === AT_ONCE && gone.length > 0;
}
