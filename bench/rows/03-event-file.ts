import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import protobuf from "protobufjs";
import { maskedCrc32c } from "../../server/scalars/crc32c";
import { EventFileReader } from "../../server/scalars/event-file-reader";
import { readEventChunk } from "../../server/scalars/read-event-chunk";
import { absoluteFigure, type BenchRow, milliseconds, ratioFigure } from "../bench-row";
import { makeEventFile } from "../event-file-fixture";
import { measureInTurn } from "../measure";

const SCALARS = 1_000_000;
const CHUNK_BYTES = 1_048_576;
const PASSES = 7;

interface DecodedEvent {
  summary?: { value: { tag: string; simpleValue?: number }[] };
}

/** protobufjs's generated decoder, the same code that its static target writes to a file. No CRC, nothing kept. */
function protobufDecoder(): (bytes: Uint8Array) => DecodedEvent {
  const schema = protobuf.parse(readFileSync(join(process.cwd(), "bench/event.proto"), "utf8"));
  const type = schema.root.lookupType("tensorboard.Event").setup();
  // Safe because the schema above says so.
  return (bytes) => type.decode(bytes) as unknown as DecodedEvent;
}

function readWithProtobuf(file: Buffer, decode: (bytes: Uint8Array) => DecodedEvent): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let count = 0;
  let sum = 0;
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at, true);
    for (const value of decode(file.subarray(at + 12, at + 12 + length)).summary?.value ?? []) {
      sum += value.simpleValue ?? 0;
      count += 1;
    }
    at += length + 16;
  }
  if (!Number.isFinite(sum)) throw new Error("the values are finite");
  return count;
}

function checkCrcs(file: Buffer): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let wrong = 0;
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at, true);
    if (maskedCrc32c(file, at, at + 8) !== view.getInt32(at + 8, true)) wrong += 1;
    if (maskedCrc32c(file, at + 12, at + 12 + length) !== view.getInt32(at + 12 + length, true)) wrong += 1;
    at += length + 16;
  }
  if (wrong > 0) throw new Error(`${wrong} CRCs are wrong`);
}

function readOwn(file: Buffer, reader: EventFileReader): number {
  reader.clear();
  for (let at = 0; at < file.length; at += CHUNK_BYTES) reader.push(file.subarray(at, at + CHUNK_BYTES));
  return reader.scalarCount;
}

function expectAll(count: number): void {
  if (count !== SCALARS) throw new Error(`${count} of ${SCALARS} scalars were read`);
}

/** The longest time for which nothing else could run while the whole file goes through the ingest path at once. */
async function longestBlock(file: Buffer): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await readEventChunk(null, { bytes: file, offset: 0, path: "events" });
  await new Promise((done) => setTimeout(done, 5));
  delay.disable();
  return delay.max / 1e6;
}

export const row: BenchRow = {
  number: 3,
  title: "event file of 1,000,000 scalars",
  run: async () => {
    const file = makeEventFile(SCALARS);
    const decode = protobufDecoder();
    const reader = new EventFileReader();
    const timing = await measureInTurn(
      {
        own: () => expectAll(readOwn(file, reader)),
        protobuf: () => expectAll(readWithProtobuf(file, decode)),
        crc: () => checkCrcs(file),
      },
      PASSES,
    );
    const [own, other, crc] = [timing.own.cpuMs, timing.protobuf.cpuMs, timing.crc.cpuMs];
    await longestBlock(file);
    const blocked = Math.min(await longestBlock(file), await longestBlock(file));
    return [
      ratioFigure({
        what: "all points kept, both CRCs checked",
        figure: `${milliseconds(own)} CPU (${(file.length / own / 1000).toFixed(0)} MB/s)`,
        baseline: `protobufjs, no CRC, nothing kept ${milliseconds(other)}`,
        ratio: other / own,
        target: { atLeast: 3.5 },
      }),
      ratioFigure({
        what: "the same",
        figure: milliseconds(own),
        baseline: `CRC alone ${milliseconds(crc)}`,
        ratio: own / crc,
        target: { atMost: 3.5 },
      }),
      absoluteFigure({
        what: "longest block of the event loop while it is ingested",
        figure: milliseconds(blocked),
        target: "≤ 50 ms",
        isHit: blocked <= 50,
      }),
    ];
  },
};
