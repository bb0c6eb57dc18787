import type pg from "pg";
import type { TelemetryTick } from "../contracts/telemetry";
import type { Logger } from "../log";
import type { NodeLease } from "../nodes/lease";
import { decodeTicks, encodeTicks } from "./tick-codec";

/** One insert for all nodes, so often: what a crash may lose, with the insert itself, stays below a second. */
const FLUSH_MS = 800;
/** Ticks of one node kept in memory, also while the database is away. */
const RING_MS = 10 * 60_000;
const LARGEST_BATCH = 5_000;

interface StoredTick {
  nodeId: string;
  at: number;
  payload: Uint8Array;
  lease: NodeLease;
}

/**
 * Stores the ticks of all nodes of a worker: a ring of ten minutes in memory, and every 800 ms one insert through
 * unnest. A row is written only while its lease holds (checked by the insert itself) and once (node and time are its
 * key). When the database is away the newest ten minutes wait.
 */
export class TelemetryWriter {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #rings = new Map<string, StoredTick[]>();
  #pending: StoredTick[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(pool: pg.Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  push(tick: TelemetryTick, lease: NodeLease): void {
    const payload = encodeTicks([tick], { deflate: false, extras: true });
    const stored = { nodeId: tick.nodeId, at: tick.at, payload, lease };
    const ring = this.#rings.get(tick.nodeId) ?? [];
    this.#rings.set(tick.nodeId, ring);
    ring.push(stored);
    const firstKept = ring.findIndex((entry) => entry.at >= tick.at - RING_MS);
    if (firstKept > 60) ring.splice(0, firstKept);
    this.#pending.push(stored);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** The newest tick of a node that this worker reads. */
  newest(nodeId: string): TelemetryTick | null {
    const stored = this.#rings.get(nodeId)?.at(-1);
    return stored ? (decodeTicks(nodeId, stored.payload)[0] ?? null) : null;
  }

  /** Up to ten minutes of a node that this worker reads, oldest first, from `since` (Unix ms). */
  recent(nodeId: string, since = 0): TelemetryTick[] {
    const ring = this.#rings.get(nodeId) ?? [];
    return ring.filter((entry) => entry.at >= since).flatMap((entry) => decodeTicks(nodeId, entry.payload));
  }

  nodeIds(): string[] {
    return [...this.#rings.keys()];
  }

  forget(nodeId: string): void {
    this.#rings.delete(nodeId);
  }

  /** Oldest time that is not stored yet (Unix ms); null: everything is. */
  oldestPendingAt(): number | null {
    return this.#pending.reduce<number | null>(
      (oldest, { at }) => (oldest === null ? at : Math.min(oldest, at)),
      null,
    );
  }

  /** Stores what waits. Never throws: what could not be stored waits for the next time. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#storePending());
    return this.#flushing;
  }

  async #storePending(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      while (this.#pending.length > 0) {
        const batch = this.#pending.slice(0, LARGEST_BATCH);
        await insertTicks(this.#pool, batch);
        this.#pending.splice(0, batch.length);
      }
      if (this.#isFailing) this.#log.info("telemetry is stored again");
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#log.warn({ err: error }, "telemetry cannot be stored and waits in memory");
      this.#isFailing = true;
      const newest = this.#pending.at(-1)?.at ?? 0;
      this.#pending = this.#pending.filter((stored) => stored.at >= newest - RING_MS);
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
    }
  }

  /** Gives up what could not be stored. Call after the last flush. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pending = [];
  }
}

async function insertTicks(pool: pg.Pool, batch: readonly StoredTick[]): Promise<void> {
  await pool.query({
    name: "telemetry-insert-ticks",
    text: `INSERT INTO telemetry_tick (node_id, sampled_at, payload)
      SELECT t.node_id, to_timestamp(t.at / 1000.0), t.payload
      FROM unnest($1::uuid[], $2::float8[], $3::bytea[], $4::text[], $5::bigint[]) AS t (node_id, at, payload, owner, epoch)
      JOIN node_lease l ON l.node_id = t.node_id AND l.owner = t.owner AND l.epoch = t.epoch AND l.until > clock_timestamp()
      FOR SHARE OF l
      ON CONFLICT DO NOTHING`,
    values: [
      batch.map((stored) => stored.nodeId),
      batch.map((stored) => stored.at),
      batch.map((stored) => Buffer.from(stored.payload)),
      batch.map((stored) => stored.lease.owner),
      batch.map((stored) => stored.lease.epoch.toString()),
    ],
  });
}
