import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { DATA_PARTS, type DataPart } from "../contracts/data-facts";
import type { DataRow } from "../contracts/data-sets";
import { AppError } from "../errors";

const CHUNK_BYTES = 1_048_576;
/** Of both parts. A packed file may hold far more than its own size. */
const MAX_STORED_BYTES = 1_073_741_824;

export interface Chunk {
  part: DataPart;
  index: number;
  /** Rows of the part before it. */
  firstRow: number;
  bytes: Buffer;
}
interface PartState {
  lines: Buffer[];
  bytes: number;
  /** Of each chunk that is written. */
  chunks: { firstRow: number; offset: number; length: number }[];
  count: number;
  hash: ReturnType<typeof createHash>;
  file: FileHandle;
}

/** Normalised rows on disk, as chunks of about 1 MiB, each of whole lines, and the hash of what they hold. */
export class RowSpool {
  private readonly parts: ReadonlyMap<DataPart, PartState>;
  private readonly maxBytes: number;
  private total = 0;

  private constructor(parts: ReadonlyMap<DataPart, PartState>, maxBytes: number) {
    this.parts = parts;
    this.maxBytes = maxBytes;
  }

  /** Hands out a spool in `directory`, whose files are closed afterwards; the directory is the caller's to remove. */
  static async within<T>(
    { directory, maxBytes = MAX_STORED_BYTES }: { directory: string; maxBytes?: number },
    use: (spool: RowSpool) => Promise<T>,
  ): Promise<T> {
    const parts = new Map<DataPart, PartState>();
    try {
      for (const part of DATA_PARTS) {
        const file = await open(join(directory, `rows-${part}`), "wx+", 0o600);
        const hash = createHash("sha256");
        parts.set(part, { lines: [], bytes: 0, chunks: [], count: 0, hash, file });
      }
      return await use(new RowSpool(parts, maxBytes));
    } finally {
      for (const { file } of parts.values()) await file.close();
    }
  }

  /** @throws AppError LIMIT past MAX_STORED_BYTES */
  async add(part: DataPart, row: DataRow): Promise<void> {
    const state = this.state(part);
    const line = Buffer.from(lineOf(row));
    this.total += line.length;
    if (this.total > this.maxBytes) throw tooMuchText(this.maxBytes);
    state.lines.push(line);
    state.bytes += line.length;
    state.count += 1;
    state.hash.update(line);
    if (state.bytes >= CHUNK_BYTES) await flush(state);
  }

  count(part: DataPart): number {
    return this.state(part).count;
  }

  /** Writes what is left. @returns SHA-256 over both parts' hashes, hex */
  async finish(): Promise<string> {
    const whole = createHash("sha256");
    for (const part of DATA_PARTS) {
      const state = this.state(part);
      await flush(state);
      whole.update(state.hash.digest());
    }
    return whole.digest("hex");
  }

  /** Every chunk, one in memory at a time. */
  async *chunks(): AsyncGenerator<Chunk> {
    for (const part of DATA_PARTS) {
      const { chunks, file } = this.state(part);
      for (const [index, { firstRow, offset, length }] of chunks.entries()) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
        if (bytesRead !== length) throw new Error(`chunk ${index} of ${part} is cut off on disk`);
        yield { part, index, firstRow, bytes: buffer };
      }
    }
  }

  private state(part: DataPart): PartState {
    const state = this.parts.get(part);
    if (state === undefined) throw new Error(`no part is called ${part}`);
    return state;
  }
}

async function flush(state: PartState): Promise<void> {
  if (state.lines.length === 0) return;
  const last = state.chunks.at(-1);
  const offset = last === undefined ? 0 : last.offset + last.length;
  state.chunks.push({ firstRow: state.count - state.lines.length, offset, length: state.bytes });
  await state.file.writeFile(Buffer.concat(state.lines));
  state.lines = [];
  state.bytes = 0;
}

function tooMuchText(maxBytes: number): AppError {
  return new AppError("LIMIT", `The file's rows hold more than ${maxBytes / 1_048_576} MiB of text.`, {
    hint: "Split it, and upload the parts as data sets of their own.",
  });
}

/** As local/jsonfile reads it. A set of single answers has no column `rejected` at all. */
function lineOf({ prompt, chosen, rejected }: DataRow): string {
  return `${JSON.stringify(rejected === null ? { prompt, chosen } : { prompt, chosen, rejected })}\n`;
}
