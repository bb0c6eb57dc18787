import type { Context } from "../../context";
import type { DiskSpace } from "../../contracts/disk-space";
import type { FileHint } from "../../contracts/sockets";
import { isAppError } from "../../errors";
import type { NodeLease } from "../../nodes/lease";
import { listOpenAttempts, type OpenAttempt, scheduleNode } from "../../runs";
import type { ForeignUse } from "../../telemetry";
import type { NodeConnection } from "../ssh";
import { attemptMemoryOf, memoryOf, type NodeMemory } from "./attempt-memory";
import { currentProbe } from "./current-probe";
import { closeAttempt } from "./follow-attempt";
import { reconcileAttempt } from "./reconcile-attempt";

/** What is known about a node beyond its connection. Directories are absolute. */
export interface NodeFacts {
  homeDirectory: string;
  /** Settings' workDirectory, or ~/.trainyard. */
  workDirectory: string;
  examplesDirectory: string | null;
  /** As nvidia-smi numbers them. */
  gpuIndexByUuid: Readonly<Record<string, number>>;
}

export interface ReconcileOptions {
  ctx: Context;
  connection: NodeConnection;
  lease: NodeLease;
  /** Somebody looks at a run of this node. */
  isWatched: boolean;
  facts: NodeFacts;
  /** Who else uses its GPUs; null: not read yet, so nothing new starts. */
  foreignUse: ReadonlyMap<string, ForeignUse> | null;
  /** Of the disk that its runs write to; null: not read. */
  disk: DiskSpace | null;
  onFile: (hint: FileHint) => void;
}

export interface ReconcileResult {
  openCount: number;
  /** Something starts, stops or ends now: come back in 250 ms. */
  isChanging: boolean;
  /** A file has more bytes than this round took: come back at once. */
  hasMore: boolean;
}

/** A round reads files for at most this long, so that a stop does not wait behind a gigabyte. */
const ROUND_MS = 2_000;

/**
 * One round for one node: makes what runs there equal what is wanted, and Postgres equal what its files say.
 * Level-triggered: it may be cut off anywhere and called again. One bad attempt stops no other.
 * @throws AppError NODE_UNREACHABLE or TIMEOUT (the node could not be asked: no conclusion about any attempt), CONFLICT (the lease is gone)
 */
export async function reconcileNode(options: ReconcileOptions): Promise<ReconcileResult> {
  const { ctx, lease, connection } = options;
  const memory = memoryOf(connection);
  const { foreignUse } = options;
  if (foreignUse !== null) await scheduleNode({ ctx, lease, node: { foreignUse, isReachable: true } });
  const attempts = await listOpenAttempts(ctx.db, lease.nodeId);
  await forgetEnded(memory, attempts);
  const result: ReconcileResult = { openCount: attempts.length, isChanging: false, hasMore: false };
  if (attempts.length === 0) return result;
  const { workDirectory } = options.facts;
  const probe = await currentProbe({ ...options, memory, attempts, workDirectory, log: ctx.log });
  const deadline = performance.now() + ROUND_MS;
  const rounds = await Promise.allSettled(
    attempts.map((attempt) =>
      reconcileAttempt({
        ...options,
        ctx: ofAttempt(ctx, attempt),
        attempt,
        memory: attemptMemoryOf(memory, attempt.id),
        files: probe.files,
        probe: probe.attempts.get(attempt.id) ?? null,
        deadline,
      }),
    ),
  );
  for (const [index, round] of rounds.entries()) {
    if (round.status === "fulfilled") {
      result.isChanging ||= round.value.isChanging;
      result.hasMore ||= round.value.hasMore;
    } else {
      reportFailure(options, attempts[index], round.reason);
    }
  }
  if (result.isChanging) memory.probedAt = Number.NEGATIVE_INFINITY;
  return result;
}

/** What is not about one attempt ends the round; what is stays in the log, and its attempt is tried again. */
function reportFailure({ ctx }: ReconcileOptions, attempt: OpenAttempt | undefined, error: unknown): void {
  if (isAppError(error) && (error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT")) throw error;
  const { log } = attempt === undefined ? ctx : ofAttempt(ctx, attempt);
  log.error({ err: error }, "an attempt could not be reconciled");
}

/** Whatever is said about this attempt carries its id and its run's. */
function ofAttempt(ctx: Context, { id, runId }: OpenAttempt): Context {
  return { ...ctx, log: ctx.log.child({ runId, attemptId: id }) };
}

/** Of a connection that is gone or goes: gives back what its files hold. */
export async function forgetNode(connection: NodeConnection): Promise<void> {
  await forgetEnded(memoryOf(connection), []);
}

async function forgetEnded(memory: NodeMemory, attempts: readonly OpenAttempt[]): Promise<void> {
  const open = new Set(attempts.map((attempt) => attempt.id));
  for (const [id, attempt] of memory.attempts) {
    if (open.has(id)) continue;
    memory.attempts.delete(id);
    await closeAttempt(attempt);
  }
}
