import { maskedCrc32c } from "../scalars/crc32c";

/** Writes event files for tests and benches: our own encoder of TFRecord, Event and Summary. */
export interface WrittenScalar {
  tag: string;
  value: number;
  step: number;
  wallTime: number;
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return out;
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

/** One length-delimited field. */
export function field(number: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(varint(number * 8 + 2)), Buffer.from(varint(payload.length)), payload]);
}

export function encodeEvent(event: { wallTime: number; step: number; values: Uint8Array[] }): Buffer {
  const summary = Buffer.concat(event.values.map((value) => field(1, value)));
  return Buffer.concat([
    Buffer.from([9]),
    float64(event.wallTime),
    Buffer.from([16, ...varint(event.step)]),
    ...(event.values.length > 0 ? [field(5, summary)] : []),
  ]);
}

export function simpleValue(tag: string, value: number): Buffer {
  return Buffer.concat([field(1, Buffer.from(tag)), Buffer.from([21]), float32(value)]);
}

/** A Summary.Value whose number is a TensorProto, as TensorFlow 2 writes it. */
export function tensorValue(tag: string, tensor: Uint8Array): Buffer {
  const pluginData = field(1, Buffer.from("scalars"));
  return Buffer.concat([field(1, Buffer.from(tag)), field(9, field(1, pluginData)), field(8, tensor)]);
}

/** The first record of every event file. */
export function fileVersionEvent(wallTime: number): Buffer {
  return Buffer.concat([Buffer.from([9]), float64(wallTime), field(3, Buffer.from("brain.Event:2"))]);
}

export function encodeRecord(payload: Uint8Array): Buffer {
  const record = Buffer.alloc(payload.length + 16);
  record.writeUInt32LE(payload.length, 0);
  record.writeInt32LE(maskedCrc32c(record, 0, 8), 8);
  record.set(payload, 12);
  record.writeInt32LE(maskedCrc32c(record, 12, 12 + payload.length), 12 + payload.length);
  return record;
}

export function encodeEventFile(scalars: Iterable<WrittenScalar>): Buffer {
  const records = [encodeRecord(fileVersionEvent(1_700_000_000))];
  for (const { tag, value, step, wallTime } of scalars) {
    records.push(encodeRecord(encodeEvent({ wallTime, step, values: [simpleValue(tag, value)] })));
  }
  return Buffer.concat(records);
}
