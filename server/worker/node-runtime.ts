import type { TelemetryTick } from "../contracts/telemetry";
import { AppError, isAppError } from "../errors";
import type { NodeLease } from "../nodes";
import { type NodeNow, scheduleNode } from "../runs";
import { NodeSession } from "./node-session";
import { findNode, type NodeRecord, type NodeStatus, recordStatus, statusOfFailure } from "./nodes";
import { openNode } from "./open-node";
import { type LiveConnection, nextReconnect } from "./ssh";
import { Wakeup } from "./wakeup";
import type { WorkerParts } from "./worker-parts";

/** What an edit of a node changes for its connection; a new value means: connect again. */
export interface NodeRevision {
  connectionVersion: number;
  settings: string;
}

const OFFLINE_ROUND_MS = 2_000;
const OUT_OF_REACH: NodeNow = { foreignUse: new Map(), isReachable: false };
/** A connection that lasted so long was a good one: the next failure counts as the first. */
const GOOD_CONNECTION_MS = 60_000;

/** One leased node: keeps it connected as the reconnect policy allows, and runs a session over each connection. */
export class NodeRuntime {
  readonly lease: NodeLease;
  newestTick: TelemetryTick | null = null;
  isWatched = false;
  private readonly parts: WorkerParts;
  private readonly onLeaseLost: () => void;
  private readonly wakeup = new Wakeup();
  private readonly done: Promise<void>;
  private session: NodeSession | null = null;
  private revision: NodeRevision;
  private isStopping = false;
  private tellStopped = () => {};
  private readonly stopped = new Promise<null>((resolve) => {
    this.tellStopped = () => resolve(null);
  });
  /** Somebody edited the node, or asked for a try now: waiting and counters are void. */
  private isRetryAsked = false;
  private failures = 0;
  private rejections = 0;

  constructor(options: {
    parts: WorkerParts;
    lease: NodeLease;
    revision: NodeRevision;
    onLeaseLost: () => void;
  }) {
    const { ctx } = options.parts;
    // Whatever is said about this node carries its id.
    this.parts = { ...options.parts, ctx: { ...ctx, log: ctx.log.child({ nodeId: options.lease.nodeId }) } };
    this.lease = options.lease;
    this.revision = options.revision;
    this.onLeaseLost = options.onLeaseLost;
    this.parts.firstLooks.expect(this.lease.nodeId);
    this.done = this.keepRunning();
  }

  /** null while it is not connected. */
  get liveSession(): NodeSession | null {
    return this.session?.connection.isOpen() ? this.session : null;
  }

  /** Desired state changed, or somebody began to look. */
  wake(): void {
    this.wakeup.notify();
  }

  see(revision: NodeRevision): void {
    const before = this.revision;
    this.revision = revision;
    if (revision.connectionVersion !== before.connectionVersion || revision.settings !== before.settings)
      this.retry();
  }

  /** Connects anew now, whatever the policy says. */
  retry(): void {
    this.isRetryAsked = true;
    this.session?.end();
    this.wakeup.notify();
  }

  /** Returns when nothing of it runs any more. What runs on the node goes on. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.tellStopped();
    this.session?.end();
    this.session?.connection.close();
    this.wakeup.notify();
    await this.done;
    this.parts.firstLooks.finish(this.lease.nodeId);
  }

  private async keepRunning(): Promise<void> {
    const { ctx, firstLooks } = this.parts;
    const { log } = ctx;
    while (!this.isStopping) {
      try {
        await this.connectOnce();
      } catch (error) {
        firstLooks.finish(this.lease.nodeId);
        if (isAppError(error) && error.code === "CONFLICT") {
          log.warn("the node's lease went to another worker");
          this.isStopping = true;
          this.onLeaseLost();
          return;
        }
        log.error({ err: error }, "the node's loop failed and goes on");
        await this.wakeup.wait(OFFLINE_ROUND_MS);
      }
    }
  }

  private async connectOnce(): Promise<void> {
    if (this.isRetryAsked) {
      this.isRetryAsked = false;
      this.failures = 0;
      this.rejections = 0;
    }
    const node = await findNode(this.parts.ctx.db.pool, this.lease.nodeId);
    if (node === null) return this.wakeup.wait(OFFLINE_ROUND_MS);
    const isFirstTry = this.failures === 0 && node.status !== "online" && node.status !== "unreachable";
    if (isFirstTry) await this.record("connecting", null);
    const opened = await this.open(node);
    if (opened === null) return;
    this.parts.metrics.countLogin(node.id, isAppError(opened) ? opened.code : "ok");
    if (isAppError(opened)) return this.failed(opened);
    if (this.isStopping) return opened.close();
    await this.runSession(node, opened);
  }

  /** A login that hangs for 15 s does not hold up a stop: what it may still bring is closed. null: we are stopped. */
  private async open(node: NodeRecord): Promise<LiveConnection | AppError | null> {
    const opening = openNode(this.parts, node).catch((error: unknown) => toAppError(error));
    const opened = await Promise.race([opening, this.stopped]);
    if (opened === null) void opening.then((late) => isAppError(late) || late.close());
    return opened;
  }

  private async runSession(node: NodeRecord, connection: LiveConnection): Promise<void> {
    const startedAt = performance.now();
    const session = new NodeSession({
      parts: this.parts,
      lease: this.lease,
      node,
      connection,
      wakeup: this.wakeup,
      isWatched: () => this.isWatched,
      onTick: (tick) => {
        this.newestTick = tick;
        this.parts.outbox.addTick(tick);
      },
    });
    this.session = session;
    try {
      await this.record("online", null);
      await session.run();
    } finally {
      this.session = null;
      connection.close();
    }
    this.rejections = 0;
    if (performance.now() - startedAt > GOOD_CONNECTION_MS) this.failures = 0;
    const reason = await connection.closed;
    if (reason !== null && !this.isStopping) await this.failed(reason);
  }

  private async failed(error: AppError): Promise<void> {
    const { log } = this.parts.ctx;
    if (this.isStopping || this.isRetryAsked) return;
    this.parts.firstLooks.finish(this.lease.nodeId);
    this.failures += 1;
    this.rejections = error.code === "SSH_AUTH_REJECTED" ? this.rejections + 1 : 0;
    await this.record(statusOfFailure(error), error);
    const { failures, rejections } = this;
    const step = nextReconnect({ code: error.code, failures, rejections, random: Math.random() });
    log.info({ code: error.code, reason: error.message, step }, "node is not connected");
    await this.waitOffline(
      step.action === "retry" ? performance.now() + step.delayMs : Number.POSITIVE_INFINITY,
    );
  }

  /** Until `deadline`, an edit, or the end; what needs no node (queued things that are stopped) goes on meanwhile. */
  private async waitOffline(deadline: number): Promise<void> {
    while (!this.isStopping && !this.isRetryAsked && performance.now() < deadline) {
      await this.schedule();
      const left = deadline - performance.now();
      if (left > 0) await this.wakeup.wait(Math.min(OFFLINE_ROUND_MS, left));
    }
  }

  /** A plan that fails must not end the wait: that would be another login before its time. @throws AppError CONFLICT */
  private async schedule(): Promise<void> {
    try {
      await scheduleNode({ ctx: this.parts.ctx, lease: this.lease, node: OUT_OF_REACH });
    } catch (error) {
      if (isAppError(error) && error.code === "CONFLICT") throw error;
      this.parts.ctx.log.warn({ err: error }, "the node's queue could not be planned");
    }
  }

  private async record(status: NodeStatus, error: AppError | null): Promise<void> {
    const { ctx } = this.parts;
    const contactAt = status === "online" ? ctx.now() : null;
    const isChanged = await recordStatus(ctx.db, this.lease, { status, error, contactAt });
    if (isChanged) ctx.publish({ kind: "node", nodeId: this.lease.nodeId });
  }
}

/** What a connection could not say about itself is our own fault, and still no reason to end the loop. */
function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError("INTERNAL", "Connecting failed in an unexpected way. The log has the details.", {
    cause: error,
  });
}
