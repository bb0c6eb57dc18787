import type { NodeInventory } from "../contracts/nodes";
import type { TelemetryTick } from "../contracts/telemetry";
import { isAppError } from "../errors";
import type { NodeLease } from "../nodes";
import { keepRemoving, type NodeFacts, reconcileNode } from "./attempts";
import { nodeFacts } from "./node-facts";
import {
  checkReadiness,
  isReadinessDue,
  type NodeRecord,
  recordContact,
  storeInventory,
  storeReadiness,
  takeInventory,
} from "./nodes";
import type { LiveConnection } from "./ssh";
import { GpuWatch, startTelemetry } from "./telemetry";
import type { Wakeup } from "./wakeup";
import type { WorkerParts } from "./worker-parts";

const FAST_ROUND_MS = 250;
const SLOW_ROUND_MS = 2_000;
const CONTACT_EVERY_MS = 5_000;
const INVENTORY_EVERY_MS = 3_600_000;

export interface SessionOptions {
  parts: WorkerParts;
  lease: NodeLease;
  node: NodeRecord;
  connection: LiveConnection;
  wakeup: Wakeup;
  isWatched: () => boolean;
  onTick: (tick: TelemetryTick) => void;
}

/** Everything that happens over one connection: inventory, telemetry, and rounds of the reconcile loop. */
export class NodeSession {
  private readonly options: SessionOptions;
  private readonly gpuWatch = new GpuWatch();
  private facts: NodeFacts | null;
  private isEnding = false;
  private checking: Promise<void> | null = null;
  private inventoryAt = Number.NEGATIVE_INFINITY;
  private heardAt = Date.now();
  private recordedAt = Date.now();

  constructor(options: SessionOptions) {
    this.options = options;
    const { inventory, settings } = options.node;
    this.facts = inventory?.homeDirectory ? nodeFacts(inventory, settings) : null;
  }

  get connection(): LiveConnection {
    return this.options.connection;
  }

  /** Ends the rounds after the one under way, and with it `run`. */
  end(): void {
    this.isEnding = true;
    this.options.wakeup.notify();
  }

  /**
   * Returns when the connection is gone or `end` was called; the connection is closed then.
   * @throws AppError CONFLICT when the lease went to somebody else
   */
  async run(): Promise<void> {
    const { parts, connection, lease, node, wakeup } = this.options;
    const { db, log } = parts.ctx;
    connection.closed.then(() => wakeup.notify());
    const telemetry = startTelemetry({
      connection,
      nodeId: node.id,
      lease,
      db,
      onTick: (tick) => this.onTick(tick),
      log: log.child({ nodeId: node.id }),
    });
    const removing = keepRemoving({ ctx: parts.ctx, lease, connection });
    try {
      while (this.isLive()) {
        await this.refreshInventoryWhenDue();
        const pauseMs = this.isLive() ? await this.round() : 0;
        await this.recordContactWhenDue();
        if (this.isLive()) await wakeup.wait(pauseMs);
      }
    } finally {
      connection.close();
      await Promise.all([telemetry.stop(), removing.stop()]);
    }
  }

  /** Looks at the node now. @throws AppError of takeInventory and storeInventory */
  async refreshInventory(): Promise<NodeInventory> {
    const { parts, connection, lease, node } = this.options;
    const inventory = await takeInventory(connection, node.settings);
    await storeInventory(parts.ctx.db.pool, lease, inventory);
    this.facts = nodeFacts(inventory, node.settings);
    this.inventoryAt = performance.now();
    parts.ctx.publish({ kind: "node", nodeId: node.id });
    return inventory;
  }

  /** Checks what training needs, now; who asks while a check is under way gets that one. @throws AppError */
  checkReadiness(): Promise<void> {
    this.checking ??= this.refreshInventory()
      .then((inventory) => this.storeReadinessWith(inventory))
      .finally(() => {
        this.checking = null;
      });
    return this.checking;
  }

  private async storeReadinessWith(inventory: NodeInventory): Promise<void> {
    const { parts, connection, lease, node } = this.options;
    const facts = await checkReadiness({ connection, node, inventory });
    await storeReadiness(parts.ctx.db.pool, lease, facts);
    parts.ctx.publish({ kind: "node", nodeId: node.id });
  }

  /** Beside the rounds, which do not wait for it. */
  private async checkReadinessWhenDue(inventory: NodeInventory): Promise<void> {
    const { parts, node } = this.options;
    if (this.checking !== null || !(await isReadinessDue(parts.ctx.db.pool, node))) return;
    this.checking ??= this.storeReadinessWith(inventory).finally(() => {
      this.checking = null;
    });
    await this.checking;
  }

  private isLive(): boolean {
    return !this.isEnding && this.options.connection.isOpen();
  }

  private onTick(tick: TelemetryTick): void {
    this.heardAt = Date.now();
    this.gpuWatch.see(tick);
    this.options.onTick(tick);
  }

  /** The first one of a connection runs beside the rounds when an earlier inventory lets them start at once. */
  private async refreshInventoryWhenDue(): Promise<void> {
    if (performance.now() - this.inventoryAt < INVENTORY_EVERY_MS) return;
    this.inventoryAt = performance.now();
    const refreshing = this.refreshInventory();
    refreshing
      .then((inventory) => this.checkReadinessWhenDue(inventory))
      .catch((error: unknown) => {
        const { log } = this.options.parts.ctx;
        if (this.isLive())
          log.warn({ err: error, nodeId: this.options.node.id }, "the node could not be looked at");
      });
    if (this.facts === null) await refreshing.catch(() => {});
  }

  /** One round; returns how long to wait for the next. @throws AppError CONFLICT */
  private async round(): Promise<number> {
    const { parts, connection, lease, node } = this.options;
    if (this.facts === null) {
      this.inventoryAt = Number.NEGATIVE_INFINITY;
      return SLOW_ROUND_MS;
    }
    try {
      const isWatched = this.options.isWatched();
      const done = await reconcileNode({
        ctx: parts.ctx,
        connection,
        lease,
        isWatched,
        facts: this.facts,
        foreignUse: this.gpuWatch.foreignUse(),
        onFile: (hint) => parts.outbox.addHint(hint),
      });
      if (done.openCount > 0) this.heardAt = Date.now();
      if (done.hasMore) return 0;
      return done.isChanging || (isWatched && done.openCount > 0) ? FAST_ROUND_MS : SLOW_ROUND_MS;
    } catch (error) {
      if (isAppError(error) && error.code === "CONFLICT") throw error;
      if (this.isLive())
        parts.ctx.log.warn({ err: error, nodeId: node.id }, "a round failed and is repeated");
      return SLOW_ROUND_MS;
    }
  }

  private async recordContactWhenDue(): Promise<void> {
    const isDue = this.heardAt > this.recordedAt && Date.now() - this.recordedAt >= CONTACT_EVERY_MS;
    if (!isDue || !this.isLive()) return;
    const { parts, lease } = this.options;
    this.recordedAt = Date.now();
    await recordContact(parts.ctx.db, lease, new Date(this.heardAt)).catch((error: unknown) => {
      if (isAppError(error) && error.code === "CONFLICT") throw error;
      parts.ctx.log.warn({ err: error }, "the time of the last contact could not be stored");
    });
  }
}
