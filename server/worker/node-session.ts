import type { RawPreview } from "../contracts/data-previews";
import { type DiskSpace, diskSpaceOf } from "../contracts/disk-space";
import type { NodeAnswer, NodeQuestion } from "../contracts/node-checks";
import type { NodeInventory } from "../contracts/nodes";
import type { TelemetryTick } from "../contracts/telemetry";
import { AppError, isAppError } from "../errors";
import type { NodeLease } from "../nodes";
import { forgetNode, type NodeFacts, reconcileNode } from "./attempts";
import { nodeFacts } from "./node-facts";
import {
  checkReadiness,
  checkRun,
  DataPreviews,
  isReadinessDue,
  KeptLooks,
  type NodeRecord,
  readCheckout,
  recordContact,
  storeCheckout,
  storeInventory,
  storeReadiness,
  takeInventory,
} from "./nodes";
import type { LiveConnection } from "./ssh";
import { type BesideRounds, startBeside } from "./start-beside";
import { GpuWatch } from "./telemetry";
import type { Wakeup } from "./wakeup";
import type { WorkerParts } from "./worker-parts";

const FAST_ROUND_MS = 250;
const SLOW_ROUND_MS = 2_000;
const NO_ROUND: Round = { pauseMs: 0, isSettled: false };
/** A launch or a long log is under way: others do not wait for it. */
const FIRST_LOOK_MS = 3_000;
const CONTACT_EVERY_MS = 5_000;
const INVENTORY_EVERY_MS = 3_600_000;
const RECENT_INVENTORY_MS = 5_000;
/** Only looks whether a check is due, which costs one small query. */
const READINESS_LOOK_EVERY_MS = 30_000;
const READINESS_RETRY_MS = 600_000;

export interface SessionOptions {
  parts: WorkerParts;
  lease: NodeLease;
  node: NodeRecord;
  connection: LiveConnection;
  wakeup: Wakeup;
  isWatched: () => boolean;
  onTick: (tick: TelemetryTick) => void;
}

interface Round {
  /** Until the next one. */
  pauseMs: number;
  /** What is told of every attempt is so. */
  isSettled: boolean;
}

/** What the node answered, and when. */
interface NodeLook {
  answer: NodeAnswer;
  at: number;
}

/** Everything that happens over one connection: inventory, telemetry, and rounds of the reconcile loop. */
export class NodeSession {
  private readonly options: SessionOptions;
  private readonly gpuWatch = new GpuWatch();
  private readonly looks = new KeptLooks<NodeLook>();
  private readonly previews: DataPreviews;
  private facts: NodeFacts | null;
  private isEnding = false;
  private checking: Promise<void> | null = null;
  private looking: Promise<void> | null = null;
  private readinessLookAt = 0;
  private refreshing: Promise<NodeInventory> | null = null;
  private inventory: NodeInventory | null = null;
  private inventoryAt = Number.NEGATIVE_INFINITY;
  private disk: DiskSpace | null = null;
  private heardAt = Date.now();
  private recordedAt = Date.now();

  constructor(options: SessionOptions) {
    this.options = options;
    this.previews = new DataPreviews(options.connection);
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
    const { parts, connection, node, wakeup } = this.options;
    connection.closed.then(() => wakeup.notify());
    if (!parts.firstLooks.isOver) parts.firstLooks.over.then(() => wakeup.notify());
    const lookUntil = performance.now() + FIRST_LOOK_MS;
    let beside: BesideRounds | null = null;
    try {
      while (this.isLive()) {
        if (parts.firstLooks.isOver)
          beside ??= startBeside({
            ...this.options,
            facts: () => this.facts,
            onTick: (tick) => this.onTick(tick),
          });
        if (beside !== null || this.facts === null) await this.refreshInventoryWhenDue();
        if (beside !== null && performance.now() >= this.readinessLookAt)
          this.looking = this.checkReadinessWhenDue();
        const { pauseMs, isSettled } = this.isLive() ? await this.round() : NO_ROUND;
        if (isSettled || performance.now() > lookUntil) parts.firstLooks.finish(node.id);
        await this.recordContactWhenDue();
        if (this.isLive()) await wakeup.wait(pauseMs);
      }
    } finally {
      connection.close();
      await Promise.all([
        beside?.stop(),
        this.looking,
        this.checking?.catch(() => {}),
        forgetNode(connection),
      ]);
    }
  }

  /** Looks at the node now; who asks meanwhile gets the same. @throws AppError of takeInventory and storeInventory */
  refreshInventory(): Promise<NodeInventory> {
    this.refreshing ??= this.storeInventoryNow().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async storeInventoryNow(): Promise<NodeInventory> {
    const { parts, connection, lease, node } = this.options;
    const inventory = await takeInventory(connection, node.settings);
    await storeInventory(parts.ctx.db.pool, lease, inventory);
    this.facts = nodeFacts(inventory, node.settings);
    this.inventoryAt = performance.now();
    this.inventory = inventory;
    parts.ctx.publish({ kind: "node", nodeId: node.id });
    await this.storeCheckoutNow(inventory);
    return inventory;
  }

  /** What cannot be read of it costs neither the inventory nor the check that waits for it. */
  private async storeCheckoutNow(inventory: NodeInventory): Promise<void> {
    const { parts, connection, lease, node } = this.options;
    try {
      const checkout = await readCheckout(connection, { inventory, settings: node.settings });
      await storeCheckout(parts.ctx.db.pool, lease, checkout);
      parts.ctx.publish({ kind: "node", nodeId: node.id });
    } catch (error) {
      if (isAppError(error) && error.code === "CONFLICT") throw error;
      if (this.isLive()) parts.ctx.log.warn({ err: error }, "the flags of the checkout could not be read");
    }
  }

  /** Checks what training needs, now; who asks while a check is under way gets that one. @throws AppError */
  checkReadiness(): Promise<void> {
    this.checking ??= this.storeReadinessNow().finally(() => {
      this.checking = null;
    });
    return this.checking;
  }

  /** What a run would find, as of now or of some seconds ago. @throws AppError PRECONDITION before the first inventory */
  checkRun(question: NodeQuestion, maxAgeSeconds: number): Promise<NodeLook> {
    const look = async () => {
      const { connection, node } = this.options;
      if (this.facts === null) throw new AppError("PRECONDITION", "The node has not been looked at yet.");
      const { settings } = node;
      const { workDirectory } = this.facts;
      const answer = await checkRun({ connection, settings, workDirectory, question });
      return { answer, at: Date.now() };
    };
    return this.looks.ask(JSON.stringify(question), look, maxAgeSeconds * 1000);
  }

  private async storeReadinessNow(): Promise<void> {
    const { parts, connection, lease, node } = this.options;
    const inventory = await this.recentInventory();
    const facts = await checkReadiness({ connection, node, inventory });
    await storeReadiness(parts.ctx.db.pool, lease, facts);
    this.readinessLookAt = performance.now() + READINESS_LOOK_EVERY_MS;
    parts.ctx.publish({ kind: "node", nodeId: node.id });
  }

  private async recentInventory(): Promise<NodeInventory> {
    const isRecent = performance.now() - this.inventoryAt < RECENT_INVENTORY_MS;
    return this.inventory !== null && isRecent ? this.inventory : this.refreshInventory();
  }

  /** Beside the rounds, which do not wait for it. */
  private async checkReadinessWhenDue(): Promise<void> {
    if (this.facts === null) return;
    this.readinessLookAt = performance.now() + READINESS_LOOK_EVERY_MS;
    const { parts, node } = this.options;
    try {
      if (await isReadinessDue(parts.ctx.db.pool, node)) await this.checkReadiness();
    } catch (error) {
      this.readinessLookAt = performance.now() + READINESS_RETRY_MS;
      if (this.isLive()) parts.ctx.log.warn({ err: error }, "the node's readiness could not be checked");
    }
  }

  /** The first rows of a data set. @throws AppError PRECONDITION (the node was not looked at yet), those of DataPreviews */
  async previewData(asked: { name: string; rows: number; maxAgeSeconds: number }): Promise<RawPreview> {
    if (this.facts === null)
      throw new AppError("PRECONDITION", "The node has not been looked at yet. Try again.");
    const { settings, isPractice } = this.options.node;
    const { homeDirectory, examplesDirectory } = this.facts;
    return this.previews.get({ settings, isPractice, homeDirectory, examplesDirectory }, asked);
  }

  private isLive(): boolean {
    return !this.isEnding && this.options.connection.isOpen();
  }

  private onTick(tick: TelemetryTick): void {
    this.heardAt = Date.now();
    this.gpuWatch.see(tick);
    this.disk = diskSpaceOf(tick.host);
    this.options.onTick(tick);
  }

  /** The first one of a connection runs beside the rounds when an earlier inventory lets them start at once. */
  private async refreshInventoryWhenDue(): Promise<void> {
    if (performance.now() - this.inventoryAt < INVENTORY_EVERY_MS) return;
    this.inventoryAt = performance.now();
    const refreshing = this.refreshInventory().then(
      () => {},
      (error: unknown) => {
        const { log } = this.options.parts.ctx;
        if (this.isLive()) log.warn({ err: error }, "inventory could not be taken");
      },
    );
    if (this.facts === null) await refreshing;
  }

  /** @throws AppError CONFLICT */
  private async round(): Promise<Round> {
    const { parts, connection, lease } = this.options;
    if (this.facts === null) {
      this.inventoryAt = Number.NEGATIVE_INFINITY;
      return { pauseMs: SLOW_ROUND_MS, isSettled: false };
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
        disk: this.disk,
        onFile: (hint) => parts.outbox.addHint(hint),
      });
      if (done.openCount > 0) this.heardAt = Date.now();
      if (done.hasMore) return { pauseMs: 0, isSettled: false };
      const isFast = done.isChanging || (isWatched && done.openCount > 0);
      return { pauseMs: isFast ? FAST_ROUND_MS : SLOW_ROUND_MS, isSettled: !done.isChanging };
    } catch (error) {
      if (isAppError(error) && error.code === "CONFLICT") throw error;
      if (this.isLive()) parts.ctx.log.warn({ err: error }, "a round failed and is repeated");
      return { pauseMs: SLOW_ROUND_MS, isSettled: false };
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
