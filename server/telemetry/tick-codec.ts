import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { GpuProcess, type HostSample, TELEMETRY_FIELDS, type TelemetryTick } from "../contracts/telemetry";
import { ByteReader, ByteWriter } from "./byte-writer";
import { readColumn, writeColumn } from "./column-codec";
import { GPU_FIELDS } from "./gpu-fields";

/** HostSample's fields in storage order, and the scale of each. */
export const HOST_FIELDS = {
  cpuPercent: 10,
  memoryUsedMiB: 1,
  memoryTotalMiB: 1,
  loadAverage: 100,
  diskFreeGiB: 100,
  diskTotalGiB: 100,
  networkReceivedBytesPerSecond: 1,
  networkSentBytesPerSecond: 1,
} as const satisfies Record<keyof HostSample, number>;
const HOST_KEYS = Object.keys(HOST_FIELDS) as (keyof HostSample)[];

/** Columns over `times` (Unix ms). `isPresent[t]`: the GPU, or the host, was part of reading t. */
export interface TickColumns {
  times: number[];
  gpus: { uuid: string; isPresent: boolean[]; values: (number | null)[][] }[];
  host: { isPresent: boolean[]; values: (number | null)[][] };
  extras: TickExtra[];
}
/** What is no number: the process list and what nvidia-smi had to say, of the ticks that have either. */
const TickExtra = z.object({
  at: z.number(),
  processes: z.array(GpuProcess).nullable(),
  problem: z.string().nullable(),
});
type TickExtra = z.infer<typeof TickExtra>;

const PLAIN = 1;
const DEFLATED = 2;
const PREFIXES = ["GPU-", "MIG-"] as const;

/**
 * Ticks of one node as bytes, without loss. Layout: format, times as differences, one dictionary of GPUs, then for
 * each GPU and for the host its presence and its columns (column-codec.ts), then the extras as JSON.
 * `deflate` is for many ticks; `extras: false` leaves out process lists.
 */
export function encodeTicks(
  ticks: readonly TelemetryTick[],
  options: { deflate: boolean; extras: boolean },
): Uint8Array {
  const writer = new ByteWriter();
  writer.unsigned(ticks.length);
  let previous = 0;
  for (const tick of ticks) {
    writer.signed(tick.at - previous);
    previous = tick.at;
  }
  const uuids = [...new Set(ticks.flatMap((tick) => tick.gpuUuids))];
  writer.unsigned(uuids.length);
  for (const uuid of uuids) writeUuid(writer, uuid);
  for (const uuid of uuids) writeGpu(writer, ticks, uuid);
  const hosts = ticks.map((tick) => tick.host);
  writePresence(
    writer,
    hosts.map((host) => host !== null),
  );
  const known = hosts.filter((host) => host !== null);
  for (const key of HOST_KEYS)
    writeColumn(
      writer,
      known.map((host) => host[key]),
      HOST_FIELDS[key],
    );
  writeExtras(writer, options.extras ? ticks : []);
  const body = writer.finish();
  const payload = options.deflate ? deflateRawSync(body, { level: 9 }) : body;
  const framed = new Uint8Array(payload.length + 1);
  framed[0] = options.deflate ? DEFLATED : PLAIN;
  framed.set(payload, 1);
  return framed;
}

function writeGpu(writer: ByteWriter, ticks: readonly TelemetryTick[], uuid: string): void {
  const positions = ticks.map((tick) => tick.gpuUuids.indexOf(uuid));
  writePresence(
    writer,
    positions.map((position) => position !== -1),
  );
  TELEMETRY_FIELDS.forEach((field, at) => {
    const column: (number | null)[] = [];
    positions.forEach((position, t) => {
      if (position !== -1) column.push(ticks[t]?.values[at]?.[position] ?? null);
    });
    writeColumn(writer, column, GPU_FIELDS[field].scale);
  });
}

function writePresence(writer: ByteWriter, isPresent: boolean[]): void {
  const isWhole = isPresent.every(Boolean);
  writer.byte(isWhole ? 1 : 0);
  if (!isWhole) writer.bits(isPresent);
}

function writeUuid(writer: ByteWriter, uuid: string): void {
  const prefix = PREFIXES.findIndex((known) => uuid.startsWith(known));
  const hex = uuid.slice(4);
  if (prefix !== -1 && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(hex)) {
    writer.byte(prefix);
    writer.bytes(Buffer.from(hex.replaceAll("-", ""), "hex"));
    return;
  }
  const text = Buffer.from(uuid, "utf8");
  writer.byte(PREFIXES.length);
  writer.unsigned(text.length);
  writer.bytes(text);
}

function writeExtras(writer: ByteWriter, ticks: readonly TelemetryTick[]): void {
  const extras = ticks.flatMap(({ processes, problem }, at) =>
    processes === null && problem == null ? [] : [{ at, processes, problem: problem ?? null }],
  );
  const text = Buffer.from(extras.length === 0 ? "" : JSON.stringify(extras), "utf8");
  writer.unsigned(text.length);
  writer.bytes(text);
}

/** @throws RangeError when the payload is none of ours */
export function decodeColumns(payload: Uint8Array): TickColumns {
  const format = payload[0];
  if (format !== PLAIN && format !== DEFLATED)
    throw new RangeError(`telemetry payload of unknown format ${format}`);
  const body = payload.subarray(1);
  const reader = new ByteReader(format === DEFLATED ? inflateRawSync(body) : body);
  const count = reader.unsigned();
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) times.push((times[at - 1] ?? 0) + reader.signed());
  const uuids = Array.from({ length: reader.unsigned() }, () => readUuid(reader));
  const gpus = uuids.map((uuid) => ({
    uuid,
    ...readSeries(
      reader,
      count,
      TELEMETRY_FIELDS.map((field) => GPU_FIELDS[field].scale),
    ),
  }));
  const host = readSeries(
    reader,
    count,
    HOST_KEYS.map((key) => HOST_FIELDS[key]),
  );
  const text = Buffer.from(reader.bytes(reader.unsigned())).toString("utf8");
  const extras = text === "" ? [] : z.array(TickExtra).parse(JSON.parse(text));
  return { times, gpus, host, extras };
}

/** Columns of `count` values; null where the GPU or host was not part of the reading. */
function readSeries(reader: ByteReader, count: number, scales: readonly number[]) {
  const isPresent = reader.byte() === 1 ? new Array<boolean>(count).fill(true) : reader.bits(count);
  const present = isPresent.filter(Boolean).length;
  const values = scales.map((scale) => {
    const column = readColumn(reader, present, scale);
    if (present === count) return column;
    let next = 0;
    return isPresent.map((isThere) => (isThere ? (column[next++] ?? null) : null));
  });
  return { isPresent, values };
}

function readUuid(reader: ByteReader): string {
  const kind = reader.byte();
  const prefix = PREFIXES[kind];
  if (prefix === undefined) return Buffer.from(reader.bytes(reader.unsigned())).toString("utf8");
  const hex = Buffer.from(reader.bytes(16)).toString("hex");
  return `${prefix}${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The ticks as they were given to encodeTicks. */
export function decodeTicks(nodeId: string, payload: Uint8Array): TelemetryTick[] {
  const { times, gpus, host, extras } = decodeColumns(payload);
  return times.map((at, t) => {
    const present = gpus.filter((gpu) => gpu.isPresent[t]);
    const extra = extras.find((candidate) => candidate.at === t);
    return {
      nodeId,
      at,
      gpuUuids: present.map((gpu) => gpu.uuid),
      values: TELEMETRY_FIELDS.map((_, field) => present.map((gpu) => gpu.values[field]?.[t] ?? null)),
      host: host.isPresent[t] ? hostAt(host.values, t) : null,
      processes: extra?.processes ?? null,
      ...(extra?.problem == null ? {} : { problem: extra.problem }),
    };
  });
}

function hostAt(values: readonly (number | null)[][], t: number): HostSample {
  const column = (key: keyof HostSample) => values[HOST_KEYS.indexOf(key)]?.[t] ?? null;
  return {
    cpuPercent: column("cpuPercent"),
    memoryUsedMiB: column("memoryUsedMiB"),
    memoryTotalMiB: column("memoryTotalMiB"),
    loadAverage: column("loadAverage"),
    diskFreeGiB: column("diskFreeGiB"),
    diskTotalGiB: column("diskTotalGiB"),
    networkReceivedBytesPerSecond: column("networkReceivedBytesPerSecond"),
    networkSentBytesPerSecond: column("networkSentBytesPerSecond"),
  };
}
