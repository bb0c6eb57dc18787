import type { Database } from "../db";
import type { Logger } from "../log";
import { closeHours, closeMinutes } from "./close-minutes";
import { KEEP_TICKS_MS, pruneTelemetry } from "./prune-telemetry";
import { TelemetryWriter } from "./telemetry-writer";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** After the minute, so that its last rows are stored. */
const CLOSE_DELAY_MS = 3_000;
const SWEEP_EVERY_MINUTES = 10;

interface SharedWriter {
  writer: TelemetryWriter;
  keeper: TelemetryKeeper;
  users: number;
}
const SHARED = new WeakMap<Database, SharedWriter>();

/**
 * The one writer of this process and database, for all its nodes, with the work of every minute beside it: closing
 * minutes and hours, pruning. release() by the last user stores what waits and ends both.
 */
export function shareTelemetryWriter(
  db: Database,
  log: Logger,
): { writer: TelemetryWriter; release: () => Promise<void> } {
  let shared = SHARED.get(db);
  if (!shared) {
    const writer = new TelemetryWriter(db.pool, log);
    shared = { writer, keeper: new TelemetryKeeper(db, log, writer), users: 0 };
    SHARED.set(db, shared);
  }
  const held = shared;
  held.users += 1;
  let isReleased = false;
  return {
    writer: held.writer,
    release: async () => {
      if (isReleased) return;
      isReleased = true;
      held.users -= 1;
      await held.writer.flush();
      if (held.users > 0) return;
      SHARED.delete(db);
      await held.keeper.stop();
      held.writer.close();
    },
  };
}

/** Closes this worker's minutes as they end; looks at everything left over at its start and every ten minutes. */
class TelemetryKeeper {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #writer: TelemetryWriter;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #round = 0;
  #isStopped = false;

  constructor(db: Database, log: Logger, writer: TelemetryWriter) {
    this.#db = db;
    this.#log = log;
    this.#writer = writer;
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#work().finally(() => {
        this.#schedule(MINUTE_MS - (Date.now() % MINUTE_MS) + CLOSE_DELAY_MS);
      });
    }, delayMs);
  }

  async #work(): Promise<void> {
    const { pool } = this.#db;
    const now = Date.now();
    const isSweep = this.#round % SWEEP_EVERY_MINUTES === 0;
    const nodeIds = isSweep ? null : this.#writer.nodeIds();
    this.#round += 1;
    try {
      await this.#writer.flush();
      const before = Math.min(now - CLOSE_DELAY_MS, this.#writer.oldestPendingAt() ?? now);
      // Rows older than an hour are still there when no worker was alive to close their minute.
      const since = isSweep ? now - 48 * HOUR_MS : now - KEEP_TICKS_MS;
      await closeMinutes(pool, { before, since, nodeIds });
      if (!isSweep) return;
      await closeHours(pool, { before, since, nodeIds });
      await pruneTelemetry(pool, now);
    } catch (error) {
      this.#log.warn({ err: error }, "telemetry minutes could not be closed; tried again in a minute");
    }
  }
}
