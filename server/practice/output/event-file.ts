import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { maskedCrc32c } from "./crc32c";

/** Several writers of one process may start within a second; the counter keeps their names apart, as PyTorch's does. */
let writerCount = 0;

export interface Scalar {
  tag: string;
  value: number;
  step: number;
}

/** Writes scalars as torch.utils.tensorboard does: TFRecord frames around `tensorboard.Event`, flushed at once. */
export class EventFile {
  private readonly file: number;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    const seconds = Math.floor(Date.now() / 1000);
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${writerCount++}`;
    this.file = openSync(join(directory, name), "a");
    this.append(encodeEvent(Date.now() / 1000, null, stringField(3, "brain.Event:2")));
  }

  write(scalars: readonly Scalar[]): void {
    const wallTime = Date.now() / 1000;
    const frames = scalars.map(({ tag, value, step }) => {
      const scalar = Buffer.concat([stringField(1, tag), floatField(2, value)]);
      return frame(encodeEvent(wallTime, step, bytesField(5, bytesField(1, scalar))));
    });
    writeSync(this.file, Buffer.concat(frames));
  }

  close(): void {
    closeSync(this.file);
  }

  private append(event: Buffer): void {
    writeSync(this.file, frame(event));
  }
}

/** length, its masked CRC, payload, its masked CRC. */
function frame(payload: Buffer): Buffer {
  const framed = Buffer.alloc(16 + payload.length);
  framed.writeBigUInt64LE(BigInt(payload.length), 0);
  framed.writeUInt32LE(maskedCrc32c(framed.subarray(0, 8)), 8);
  payload.copy(framed, 12);
  framed.writeUInt32LE(maskedCrc32c(payload), 12 + payload.length);
  return framed;
}

/** event.proto: wall_time 1 (double), step 2 (int64), file_version 3, summary 5. */
function encodeEvent(wallTime: number, step: number | null, content: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head[0] = (1 << 3) | 1;
  head.writeDoubleLE(wallTime, 1);
  const stepField = step === null ? Buffer.alloc(0) : Buffer.concat([Buffer.from([2 << 3]), varint(step)]);
  return Buffer.concat([head, stepField, content]);
}

function stringField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(bytes.length), bytes]);
}

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = (field << 3) | 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
  return Buffer.from(bytes);
}
