import type { HostSample, TelemetryTick } from "@/server/contracts/telemetry";
import { TELEMETRY_FIELDS } from "@/server/contracts/telemetry";
import {
  type DiskCounters,
  FIRST_QUERY,
  type GpuReading,
  type HostCounters,
  hostSample,
  type ListedGpu,
  type MigReading,
  parseDiskLine,
  parseGpuList,
  parseGpuRow,
  parseHostLine,
  parseMigQuery,
  parseUnknownProperty,
} from "@/server/telemetry";
import { migColumn } from "./mig-column";
import { ProcessList } from "./process-list";
import type { Frame } from "./read-frames";

/** A node without a GPU reading for so many intervals gets ticks of its host alone. */
const STALE_INTERVALS = 3;
const MIG_VALID_MS = 30_000;

export interface AssembleOptions {
  nodeId: string;
  /** Milliseconds between two GPU readings. */
  intervalMs: number;
  now: () => number;
  onTick: (tick: TelemetryTick) => void;
  /** Once for each new thing that nvidia-smi or the reader says. */
  onNotice: (notice: string) => void;
}

/**
 * Puts the frames of one reader together to ticks: one per GPU reading, with the newest host sample; without GPUs, or
 * while their reading is silent, one per host line. A silent GPU keeps its place with null values.
 */
export class TickAssembler {
  readonly #options: AssembleOptions;
  readonly #processes = new ProcessList();
  #properties: readonly string[] = FIRST_QUERY;
  #rows: GpuReading[] = [];
  #rowsAt = 0;
  #rowsTimer: NodeJS.Timeout | null = null;
  #uuidByIndex = new Map<number, string>();
  #lastReadingAt: number | null = null;
  #lastTickAt = 0;
  #list: ListedGpu[] = [];
  #listLines: string[] = [];
  #migLines: string[] = [];
  #mig: { at: number; instances: MigReading[] } = { at: 0, instances: [] };
  #counters: HostCounters | null = null;
  #disk: DiskCounters | null = null;
  #host: HostSample | null = null;
  #problem: string | null = null;

  constructor(options: AssembleOptions) {
    this.#options = options;
  }

  push(frame: Frame): void {
    const { kind, text } = frame;
    if (kind === "G") this.#readRow(text);
    else if (kind === "H") this.#readHost(text);
    else if (kind === "D") this.#disk = parseDiskLine(text) ?? this.#disk;
    else if (kind === "Q") this.#beginQuery(text);
    else if (kind === "L") this.#listLines.push(text);
    else if (kind === "M") this.#migLines.push(text);
    else if (kind === "P") this.#processes.owner(text);
    else if (kind === "A") this.#processes.app(text);
    else if (kind === "E") this.#endQuery(text);
    else if (kind === "N") this.#say(text);
    else if (kind === "S") this.#changeState(text);
  }

  /** Drops what is half read. */
  close(): void {
    if (this.#rowsTimer) clearTimeout(this.#rowsTimer);
    this.#rowsTimer = null;
    this.#rows = [];
  }

  #beginQuery(text: string): void {
    this.#properties = text.split(",");
    this.#lastReadingAt ??= this.#options.now();
  }

  #readRow(text: string): void {
    const reading = parseGpuRow(text, this.#properties);
    if (reading === null) {
      this.#say(text);
      return;
    }
    if (this.#rows.some((row) => isSameGpu(row, reading))) this.#flushRows();
    this.#rows.push(reading);
    this.#rowsAt = this.#options.now();
    if (reading.count !== null && this.#rows.length >= reading.count) {
      this.#flushRows();
      return;
    }
    // A lost GPU prints no row: then `count` is never reached and the pause after the last row ends the reading.
    if (this.#rowsTimer) clearTimeout(this.#rowsTimer);
    this.#rowsTimer = setTimeout(() => this.#flushRows(), this.#options.intervalMs / 5);
    this.#rowsTimer.unref();
  }

  #flushRows(): void {
    if (this.#rowsTimer) clearTimeout(this.#rowsTimer);
    this.#rowsTimer = null;
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return;
    this.#lastReadingAt = this.#rowsAt;
    const isComplete = rows.length >= (rows[0]?.count ?? 0);
    if (isComplete) this.#problem = null;
    const uuids: string[] = [];
    const columns: (number | null)[][] = [];
    for (const row of rows) {
      const uuid = this.#uuidOf(row);
      if (uuids.includes(uuid)) continue;
      uuids.push(uuid);
      columns.push(row.values);
      for (const instance of this.#list.filter((listed) => listed.parentUuid === uuid)) {
        uuids.push(instance.uuid);
        columns.push(migColumn(instance, this.#freshMig()));
      }
    }
    this.#emit(this.#rowsAt, uuids, columns);
  }

  #uuidOf(row: GpuReading): string {
    if (row.uuid !== null) {
      if (row.index !== null) this.#uuidByIndex.set(row.index, row.uuid);
      return row.uuid;
    }
    const index = row.index ?? -1;
    const listed = this.#list.find((gpu) => gpu.index === index && gpu.parentUuid === null);
    return this.#uuidByIndex.get(index) ?? listed?.uuid ?? `GPU-index-${index}`;
  }

  #freshMig(): MigReading[] {
    return this.#options.now() - this.#mig.at <= MIG_VALID_MS ? this.#mig.instances : [];
  }

  #readHost(text: string): void {
    const counters = parseHostLine(text);
    if (counters === null) return;
    this.#host = hostSample(counters, this.#counters, this.#disk);
    this.#counters = counters;
    const now = this.#options.now();
    const since = this.#lastReadingAt;
    if (since !== null && now - since <= STALE_INTERVALS * this.#options.intervalMs) return;
    const uuids = since === null ? [] : [...this.#uuidByIndex.values()];
    this.#emit(
      now,
      uuids,
      uuids.map(() => new Array<null>(TELEMETRY_FIELDS.length).fill(null)),
    );
  }

  #emit(at: number, uuids: string[], columns: (number | null)[][]): void {
    this.#lastTickAt = Math.max(at, this.#lastTickAt + 1);
    this.#options.onTick({
      nodeId: this.#options.nodeId,
      at: this.#lastTickAt,
      gpuUuids: uuids,
      values: TELEMETRY_FIELDS.map((_, field) => columns.map((column) => column[field] ?? null)),
      host: this.#host,
      processes: this.#processes.take(),
      ...(this.#problem === null ? {} : { problem: this.#problem }),
    });
  }

  #endQuery(text: string): void {
    const [query, status] = text.split(" ");
    const isGood = status === "0";
    if (query === "list") {
      if (isGood) this.#list = parseGpuList(this.#listLines.join("\n"));
      this.#listLines = [];
    } else if (query === "apps") {
      this.#processes.end(isGood);
    } else if (query === "mig") {
      const { instances, processes } = parseMigQuery(this.#migLines.join("\n"));
      this.#migLines = [];
      if (isGood) this.#mig = { at: this.#options.now(), instances };
      this.#processes.endMig(isGood, { processes, instances, list: this.#list });
    }
  }

  #changeState(text: string): void {
    const [state] = text.split(" ");
    if (state === "missing") {
      this.#lastReadingAt = null;
      this.#uuidByIndex.clear();
    } else if (state === "hung") this.#problem = "nvidia-smi does not answer and is replaced.";
    else if (state === "leftover") this.#problem = "An earlier nvidia-smi hangs and cannot be ended.";
    this.#options.onNotice(`reader: ${text}`);
  }

  #say(text: string): void {
    const notice = text.trim().slice(0, 500);
    if (notice === "" || parseUnknownProperty(notice) !== null) return;
    if (notice === this.#problem) return;
    this.#problem = notice;
    this.#options.onNotice(notice);
  }
}

function isSameGpu(one: GpuReading, other: GpuReading): boolean {
  return one.uuid !== null && other.uuid !== null ? one.uuid === other.uuid : one.index === other.index;
}
