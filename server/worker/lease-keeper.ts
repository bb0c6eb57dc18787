import {
  acquireLease,
  beatWorker,
  forgetWorkers,
  LEASE_RENEW_MS,
  listLiveWorkers,
  type NodeLease,
  releaseLease,
  type WorkerPlace,
} from "../nodes";
import { endLeasesOfDeadOwners } from "./lease-owner";
import { type NodeRevision, NodeRuntime } from "./node-runtime";
import { shareNodes } from "./share-nodes";
import type { WorkerParts } from "./worker-parts";

/** Short of the lease's 15 s: when renewing has failed for so long, somebody else may own the node soon. */
const GIVE_UP_MS = 10_000;
/** After another's lease should have run out. */
const AFTER_EXPIRY_MS = 50;

interface Kept {
  runtime: NodeRuntime;
  renewedAt: number;
}

interface NodeRow extends NodeRevision {
  id: string;
  isFree: boolean;
  /** Milliseconds until another's lease runs out; null: no lease, or ours. */
  endsInMs: number | null;
}

/**
 * Holds leases for this worker's share of the nodes, and one runtime for each; a lease that is lost ends its runtime at
 * once. Workers come to equal shares by themselves: each takes up to its share, and gives up what is above it.
 */
export class LeaseKeeper {
  private readonly parts: WorkerParts;
  private readonly kept = new Map<string, Kept>();
  private readonly ending = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private place: WorkerPlace | null = null;
  private nextLookMs = LEASE_RENEW_MS;
  private round: Promise<void> | null = null;
  private isRoundWanted = false;
  private isStopping = false;
  private watchedIds: ReadonlySet<string> = new Set();

  constructor(parts: WorkerParts) {
    this.parts = parts;
  }

  /** @param place where web processes reach this worker */
  async start(place: WorkerPlace): Promise<void> {
    this.place = place;
    await this.look();
    this.parts.firstLooks.complete();
    this.scheduleLook();
  }

  private scheduleLook(): void {
    if (this.isStopping) return;
    this.timer = setTimeout(() => void this.look().then(() => this.scheduleLook()), this.nextLookMs);
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
    if (this.timer) clearTimeout(this.timer);
    await this.round;
    const { ctx, owner } = this.parts;
    await forgetWorkers(ctx.db.pool, [owner]).catch((error: unknown) => {
      ctx.log.warn({ err: error }, "the worker's row was not removed and will run out");
    });
    for (const nodeId of this.nodeIds) this.drop(nodeId);
    await Promise.all(this.ending.values());
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
    const { ctx, owner, vault } = this.parts;
    const { pool } = ctx.db;
    if (this.place !== null) await beatWorker(pool, owner, this.place);
    await endLeasesOfDeadOwners(pool);
    const { rows } = await pool.query<NodeRow>(
      `SELECT n.id, n."connectionVersion", n.settings::text,
         l.until IS NULL OR l.owner = $1 OR l.until < clock_timestamp() AS "isFree",
         CASE WHEN l.owner <> $1 THEN (extract(epoch FROM l.until - clock_timestamp()) * 1000)::int END AS "endsInMs"
       FROM node n LEFT JOIN node_lease l ON l.node_id = n.id WHERE n."removedAt" IS NULL ORDER BY n."createdAt", n.id`,
      [owner],
    );
    const present = new Set(rows.map((row) => row.id));
    for (const nodeId of this.nodeIds) if (!present.has(nodeId)) this.drop(nodeId);
    await this.share(rows);
    const ends = rows.flatMap(({ endsInMs }) => (endsInMs !== null && endsInMs > 0 ? [endsInMs] : []));
    this.nextLookMs = Math.min(LEASE_RENEW_MS, ...ends.map((ms) => ms + AFTER_EXPIRY_MS));
    await vault.deleteOrphans();
  }

  /** Renews what is ours, takes what is free up to our share, and gives up what is above it. */
  private async share(rows: readonly NodeRow[]): Promise<void> {
    const { ctx } = this.parts;
    const nodes = rows.map(({ id, isFree }) => {
      return { id, isFree: isFree && !this.ending.has(id), isOurs: this.kept.has(id) };
    });
    const { take, release } = shareNodes(nodes, (await listLiveWorkers(ctx.db.pool)).length);
    if (release.length > 0) ctx.log.info({ nodeIds: release }, "nodes are given to workers that have fewer");
    for (const nodeId of release) this.drop(nodeId);
    const wanted = new Set([...take, ...this.nodeIds]);
    await Promise.all(rows.filter((row) => wanted.has(row.id)).map((row) => this.renew(row)));
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
    const dropping = this.end(nodeId, kept.runtime).finally(() => this.ending.delete(nodeId));
    this.ending.set(nodeId, dropping);
  }

  private async end(nodeId: string, runtime: NodeRuntime): Promise<void> {
    await runtime.stop();
    await releaseLease(this.parts.ctx.db.pool, runtime.lease).catch((error: unknown) => {
      this.parts.ctx.log.warn({ err: error, nodeId }, "a lease was not given back and will run out");
    });
  }
}
