import { acquireLease, LEASE_RENEW_MS, type NodeLease, releaseLease } from "../nodes";
import { endLeasesOfDeadOwners } from "./lease-owner";
import { type NodeRevision, NodeRuntime } from "./node-runtime";
import type { WorkerParts } from "./worker-parts";

/** Short of the lease's 20 s: when renewing has failed for so long, somebody else may own the node soon. */
const GIVE_UP_MS = 15_000;

interface Kept {
  runtime: NodeRuntime;
  renewedAt: number;
}

interface NodeRow extends NodeRevision {
  id: string;
}

/** Holds a lease for every node that it can get, and one runtime for each; a lease that is lost ends its runtime at once. */
export class LeaseKeeper {
  private readonly parts: WorkerParts;
  private readonly kept = new Map<string, Kept>();
  private readonly ending = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;
  private isRoundWanted = false;
  private isStopping = false;
  private watchedIds: ReadonlySet<string> = new Set();

  constructor(parts: WorkerParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    await endLeasesOfDeadOwners(this.parts.ctx.db.pool);
    await this.look();
    this.timer = setInterval(() => void this.look(), LEASE_RENEW_MS);
  }

  /** Renews, takes over and gives up leases now. Never throws; two rounds never run at once. */
  look(): Promise<void> {
    if (this.round !== null) {
      this.isRoundWanted = true;
      return this.round;
    }
    this.round = this.rounds().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  find(nodeId: string): NodeRuntime | null {
    return this.kept.get(nodeId)?.runtime ?? null;
  }

  get nodeIds(): string[] {
    return [...this.kept.keys()];
  }

  /** Nodes whose runs somebody looks at: their files are followed more often. */
  watch(nodeIds: ReadonlySet<string>): void {
    this.watchedIds = nodeIds;
    for (const [nodeId, { runtime }] of this.kept) {
      const isNew = nodeIds.has(nodeId) && !runtime.isWatched;
      runtime.isWatched = nodeIds.has(nodeId);
      if (isNew) runtime.wake();
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.timer) clearInterval(this.timer);
    await this.round;
    for (const nodeId of this.nodeIds) this.drop(nodeId);
    await Promise.all(this.ending);
  }

  private async rounds(): Promise<void> {
    do {
      this.isRoundWanted = false;
      try {
        await this.renewAll();
      } catch (error) {
        this.parts.ctx.log.error({ err: error }, "leases could not be renewed");
        this.dropStale();
      }
    } while (this.isRoundWanted && !this.isStopping);
  }

  private async renewAll(): Promise<void> {
    const { rows } = await this.parts.ctx.db.pool.query<NodeRow>(
      `SELECT id, "connectionVersion", settings::text FROM node WHERE "removedAt" IS NULL ORDER BY "createdAt"`,
    );
    const present = new Set(rows.map((row) => row.id));
    for (const nodeId of this.nodeIds) if (!present.has(nodeId)) this.drop(nodeId);
    await Promise.all(rows.map((row) => this.renew(row)));
    await this.parts.vault.deleteOrphans();
  }

  private async renew(row: NodeRow): Promise<void> {
    if (this.isStopping) return;
    const askedAt = performance.now();
    const lease = await acquireLease(this.parts.ctx.db.pool, row.id, this.parts.owner);
    const kept = this.kept.get(row.id);
    if (lease === null) {
      if (kept) this.parts.ctx.log.warn({ nodeId: row.id }, "the node's lease went to another worker");
      return this.drop(row.id);
    }
    if (kept && kept.runtime.lease.epoch === lease.epoch) {
      kept.renewedAt = askedAt;
      kept.runtime.see(row);
      return;
    }
    // Somebody else had it in between: what the old runtime believes may be old.
    if (kept) this.drop(row.id);
    else this.begin(row, lease, askedAt);
  }

  private begin(row: NodeRow, lease: NodeLease, renewedAt: number): void {
    const runtime = new NodeRuntime({
      parts: this.parts,
      lease,
      revision: row,
      onLeaseLost: () => this.kept.delete(row.id),
    });
    runtime.isWatched = this.watchedIds.has(row.id);
    this.kept.set(row.id, { runtime, renewedAt });
  }

  private dropStale(): void {
    const now = performance.now();
    for (const [nodeId, kept] of this.kept) if (now - kept.renewedAt > GIVE_UP_MS) this.drop(nodeId);
  }

  /** Begins to end a runtime: its connection is closed at once, and renewing the others does not wait for the rest. */
  private drop(nodeId: string): void {
    const kept = this.kept.get(nodeId);
    if (!kept) return;
    this.kept.delete(nodeId);
    const dropping = this.end(nodeId, kept.runtime).finally(() => this.ending.delete(dropping));
    this.ending.add(dropping);
  }

  private async end(nodeId: string, runtime: NodeRuntime): Promise<void> {
    await runtime.stop();
    await releaseLease(this.parts.ctx.db.pool, runtime.lease).catch((error: unknown) => {
      this.parts.ctx.log.warn({ err: error, nodeId }, "a lease was not given back and will run out");
    });
  }
}
