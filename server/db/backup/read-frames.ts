import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { z } from "zod";
import { BackupEnd, BackupHeader, FRAME, FRAME_HEAD_BYTES, MAX_FRAME_BYTES } from "./format";

export interface Frame {
  kind: number;
  payload: Buffer;
}

const DAMAGED = "The file is damaged or was cut off, so nothing of it is used";
const FOREIGN = "The file is no backup of Trainyard";

/** All frames of a file, in order, the hash compared at the end. @throws Error when it is foreign, cut off or changed */
export async function* readFrames(file: string): AsyncGenerator<Frame> {
  const hash = createHash("sha256");
  let isFirst = true;
  let hasEnd = false;
  for await (const frame of unhashedFrames(file)) {
    if (hasEnd) throw new Error(`${DAMAGED}: something follows its end.`);
    if (isFirst && frame.kind !== FRAME.header) throw new Error(`${FOREIGN}: ${file}`);
    isFirst = false;
    if (frame.kind === FRAME.end) {
      hasEnd = true;
      const { sha256 } = parsePayload(BackupEnd, frame);
      if (sha256 !== hash.digest("hex")) throw new Error(`${DAMAGED}: its SHA-256 is another one.`);
    } else {
      hash.update(headOf(frame)).update(frame.payload);
    }
    yield frame;
  }
  if (!hasEnd) throw new Error(`${DAMAGED}: its end is missing.`);
}

function headOf({ kind, payload }: Frame): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(payload.length, 1);
  return head;
}

async function* unhashedFrames(file: string): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  const unpacked = createGunzip();
  // What fails on the way ends the loop below with that error.
  pipeline(createReadStream(file), unpacked).catch(() => {});
  try {
    for await (const piece of unpacked) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      for (let length = lengthOf(rest); length !== null && rest.length >= length; length = lengthOf(rest)) {
        yield { kind: rest.readUInt8(0), payload: rest.subarray(FRAME_HEAD_BYTES, length) };
        rest = rest.subarray(length);
      }
    }
  } catch (cause) {
    throw wordsFor(cause, file);
  }
  if (rest.length > 0) throw new Error(`${DAMAGED}: it ends in the middle of a frame.`);
}

/** Of the first frame, head included; null while its head is not whole. */
function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < FRAME_HEAD_BYTES) return null;
  const length = bytes.readUInt32BE(1);
  if (length > MAX_FRAME_BYTES) throw new Error(`${FOREIGN}, or it is damaged.`);
  return FRAME_HEAD_BYTES + length;
}

/** zlib's own codes begin with Z_. */
function wordsFor(cause: unknown, file: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT") return new Error(`There is no file ${file}.`, { cause });
  if (code === "Z_BUF_ERROR") return new Error(`${DAMAGED}: ${file} ends too early.`, { cause });
  if (code.startsWith("Z_"))
    return new Error(`${FOREIGN}, or it is damaged: ${file} cannot be unpacked.`, { cause });
  return cause;
}

/** @throws Error where the payload is not what its kind says */
export function parsePayload<S extends z.ZodType>(schema: S, { payload }: Frame): z.output<S> {
  try {
    return schema.parse(JSON.parse(payload.toString("utf8")));
  } catch (cause) {
    throw new Error(`${FOREIGN} that this version can read.`, { cause });
  }
}

/** Reads the whole file once and believes nothing: afterwards every byte is known to be right. @throws Error */
export async function verifyBackup(file: string): Promise<BackupHeader> {
  let header: BackupHeader | null = null;
  for await (const frame of readFrames(file)) {
    if (frame.kind === FRAME.header) header = parsePayload(BackupHeader, frame);
  }
  if (header === null) throw new Error(`${FOREIGN}: ${file}`);
  return header;
}
