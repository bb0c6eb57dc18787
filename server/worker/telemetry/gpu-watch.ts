import type { GpuProcess, TelemetryTick } from "../../contracts/telemetry";
import { type ForeignUse, foreignUse } from "../../telemetry";

/** A reading older than this says nothing about now. */
const FRESH_MS = 15_000;
/** How long a connection's first reading is waited for. */
const PATIENCE_MS = 10_000;

/** What one connection's telemetry says about who else uses the GPUs. */
export class GpuWatch {
  readonly #now: () => number;
  readonly #startedAt: number;
  #tick: TelemetryTick | null = null;
  #tickAt = Number.NEGATIVE_INFINITY;
  #processes: GpuProcess[] | null = null;

  /** `now`: milliseconds that only grow. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  see(tick: TelemetryTick): void {
    this.#tick = tick;
    this.#tickAt = this.#now();
    this.#processes = tick.processes ?? this.#processes;
  }

  /** By UUID. null: not read yet, so that it cannot be told. A node that cannot tell at all keeps nothing from starting. */
  foreignUse(): ReadonlyMap<string, ForeignUse> | null {
    const now = this.#now();
    const tick = now - this.#tickAt <= FRESH_MS ? this.#tick : null;
    if (tick?.gpuUuids.length === 0) return new Map();
    if (tick !== null && this.#processes !== null) return foreignUse(tick, this.#processes);
    return now - this.#startedAt < PATIENCE_MS ? null : new Map();
  }
}
