import { z } from "zod";
import type { Context } from "../../context";
import { inTransaction } from "../../db";
import { AppError, isAppError } from "../../errors";
import { holdLease, type NodeLease } from "../../nodes/lease";
import removeRun from "../scripts/remove-run.sh";
import { expectSuccess, type NodeConnection } from "../ssh";

export interface RemoveFilesOptions {
  ctx: Context;
  lease: NodeLease;
  connection: NodeConnection;
}

const Due = z.object({
  id: z.uuid(),
  workDirectory: z.string(),
  runId: z.uuid(),
  attemptIds: z.array(z.uuid()),
  hasDataCache: z.boolean(),
  hasOutputs: z.boolean(),
  failures: z.number().int(),
});
type Due = z.infer<typeof Due>;

/** Checkpoints are few large files, but some lie on slow network disks. */
const REMOVE_TIMEOUT_MS = 120_000;
/** After a failure: 10 s, then twice as long each time, an hour at most. */
const DUE = `SELECT * FROM node_cleanup WHERE "nodeId" = $1
  AND ("triedAt" IS NULL OR "triedAt" < $2::timestamptz - least(3600, 10 * 2 ^ least(failures, 10)) * interval '1 second')
  ORDER BY "createdAt" LIMIT 20`;

/**
 * Removes what deleted runs left on this node, as far as somebody asked for it, and the request with it. What fails is
 * noted and tried again later.
 * @throws AppError NODE_UNREACHABLE, CONFLICT (the lease is gone)
 */
export async function removeDueFiles({ ctx, lease, connection }: RemoveFilesOptions): Promise<void> {
  const { rows } = await ctx.db.pool.query(DUE, [lease.nodeId, ctx.now()]);
  for (const due of z.array(Due).parse(rows)) {
    const problem = await remove(connection, due).then(() => null, problemOf);
    await inTransaction(ctx.db.pool, async (client) => {
      await holdLease(client, lease);
      if (problem === null) await client.query("DELETE FROM node_cleanup WHERE id = $1", [due.id]);
      else
        await client.query(
          `UPDATE node_cleanup SET failures = failures + 1, "lastError" = $2, "triedAt" = $3 WHERE id = $1`,
          [due.id, problem, ctx.now()],
        );
    });
    const facts = { runId: due.runId, problem };
    if (problem === null) ctx.log.info(facts, "files of a deleted run were removed");
    else ctx.log.warn(facts, "files of a deleted run could not be removed yet");
  }
}

async function remove(connection: NodeConnection, due: Due): Promise<void> {
  const { workDirectory, runId, attemptIds, hasDataCache, hasOutputs } = due;
  const flags = [hasDataCache, hasOutputs].map((isWanted) => (isWanted ? "1" : "0"));
  const args = [workDirectory, runId, ...flags, ...attemptIds];
  const result = await connection.runScript(removeRun, { args, timeoutMs: REMOVE_TIMEOUT_MS });
  if (result.exitCode === 3)
    throw new AppError("PRECONDITION", `${workDirectory} is not there: is its disk mounted?`);
  if (result.exitCode === 4) throw new AppError("CONFLICT", "An attempt's directory shows no end.");
  expectSuccess(result, "Removing the files");
}

/** A link that is gone says nothing about the files. */
function problemOf(error: unknown): string {
  if (!isAppError(error) || error.code === "NODE_UNREACHABLE") throw error;
  const output = error.details?.output?.trim();
  return output ? `${error.message} ${output.slice(-500)}` : error.message;
}
