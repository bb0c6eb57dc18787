import { join } from "node:path/posix";
import type { PreparationStep } from "../../contracts/preparation";
import { inTransaction } from "../../db";
import { holdLease } from "../../nodes/lease";
import { parseSteps } from "./parse-steps";
import type { JobRound } from "./prepare-round";
import { starSecrets, starText } from "./render-job";

const CHUNK_BYTES = 256 * 1024;
const MAX_STEPS_BYTES = 256 * 1024;
/** Compilers write a lot; past this the rest stays on the node. */
const MAX_LOG_BYTES = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface Followed {
  steps: PreparationStep[];
  hasMore: boolean;
}

/**
 * Stores the steps and the next bytes of the log. While the job runs, only whole lines: a secret that is written in two
 * parts must be seen whole to be starred.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, CONFLICT (the lease is gone)
 */
export async function followJob(round: JobRound, hasEnded: boolean): Promise<Followed> {
  const { ctx, job, lease, connection, directory } = round;
  const text = await connection.files.read(join(directory, "steps"), { maxBytes: MAX_STEPS_BYTES });
  const steps = text === null ? job.steps : starNotes(parseSteps(text.toString("utf8"), job.steps), round);
  const bytes = await readLog(round, hasEnded);
  const isChanged = bytes.length > 0 || JSON.stringify(steps) !== JSON.stringify(job.steps);
  const isNews = isChanged || job.status === "queued";
  if (isNews) {
    await inTransaction(ctx.db.pool, async (client) => {
      await holdLease(client, lease);
      if (bytes.length > 0)
        await client.query(
          `INSERT INTO preparation_log (job_id, node_id, "offset", bytes) VALUES ($1, $2, $3, $4)
           ON CONFLICT (job_id, "offset") DO NOTHING`,
          [job.jobId, lease.nodeId, job.logSize, bytes],
        );
      await client.query(
        `UPDATE node_preparation SET status = 'running', "startedAt" = coalesce("startedAt", $3), steps = $4, "logSize" = $5
         WHERE "nodeId" = $1 AND "jobId" = $2`,
        [lease.nodeId, job.jobId, ctx.now(), JSON.stringify(steps), job.logSize + bytes.length],
      );
    });
    ctx.publish({ kind: "node", nodeId: lease.nodeId });
  }
  return { steps, hasMore: bytes.length > 0 && (hasEnded || bytes.length >= CHUNK_BYTES / 2) };
}

/** A note is what a program said last; it goes where nobody knows what to star. */
function starNotes(steps: PreparationStep[], { secrets }: JobRound): PreparationStep[] {
  const star = (note: string) => (secrets === null ? null : starText(note, secrets));
  return steps.map((step) => ({ ...step, note: step.note && star(step.note) }));
}

async function readLog(
  { connection, directory, job, secrets }: JobRound,
  hasEnded: boolean,
): Promise<Buffer> {
  if (secrets === null || job.logSize >= MAX_LOG_BYTES) return Buffer.alloc(0);
  const path = join(directory, "training.log");
  if ((await connection.files.stat(path)) === null) return Buffer.alloc(0);
  const file = await connection.files.open(path);
  try {
    const bytes = await file.read(job.logSize, CHUNK_BYTES);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const isCut = end === 0 && bytes.length < CHUNK_BYTES && !hasEnded;
    const isWhole = end === 0 || (hasEnded && bytes.length < CHUNK_BYTES);
    return isCut ? Buffer.alloc(0) : starSecrets(isWhole ? bytes : bytes.subarray(0, end), secrets);
  } finally {
    await file.close();
  }
}
