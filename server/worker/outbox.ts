import type { Change } from "../context";
import { batchOfChanges } from "../contracts/changes";
import type { WorkerToWebEvents } from "../contracts/link";
import type { FileHint } from "../contracts/sockets";
import type { TelemetryTick } from "../contracts/telemetry";

/** Long enough to gather what belongs together, short against the eye. */
const WINDOW_MS = 20;

type Broadcast = <N extends keyof WorkerToWebEvents>(
  name: N,
  ...payload: Parameters<WorkerToWebEvents[N]>
) => void;

/**
 * Gathers what is told to the web processes: everything of 20 ms in one message of each kind. Nothing here is durable:
 * whoever misses it reads Postgres.
 */
export class Outbox {
  private readonly broadcast: Broadcast;
  private ticks = new Map<string, TelemetryTick>();
  private changes: Change[] = [];
  private hints = new Map<string, FileHint>();
  private timer: NodeJS.Timeout | null = null;

  constructor(broadcast: Broadcast) {
    this.broadcast = broadcast;
  }

  addTick(tick: TelemetryTick): void {
    // Processes are read less often than the rest and must not be lost to the next tick.
    const waiting = this.ticks.get(tick.nodeId);
    this.ticks.set(tick.nodeId, { ...tick, processes: tick.processes ?? waiting?.processes ?? null });
    this.schedule();
  }

  addChange(change: Change): void {
    this.changes.push(change);
    this.schedule();
  }

  /** A later hint about a file says all that an earlier one did, but for the count of its scalars and a log's tail. */
  addHint(hint: FileHint): void {
    const waiting = this.hints.get(hint.fileId);
    const scalarCount = hint.scalarCount + (waiting?.scalarCount ?? 0);
    const tail = waiting === undefined ? hint.tail : null;
    this.hints.set(hint.fileId, { ...hint, scalarCount, tail });
    this.schedule();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.flush();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.flush(), WINDOW_MS);
  }

  private flush(): void {
    this.timer = null;
    const { ticks, changes, hints } = this;
    this.ticks = new Map();
    this.changes = [];
    this.hints = new Map();
    if (ticks.size > 0) this.broadcast("telemetry", { ticks: [...ticks.values()] });
    if (hints.size > 0) this.broadcast("files", { hints: [...hints.values()] });
    if (changes.length > 0) this.broadcast("changed", batchOfChanges(changes));
  }
}
