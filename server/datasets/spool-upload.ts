import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_DATA_FILE_BYTES } from "../contracts/data-facts";
import { AppError } from "../errors";

/** A browser that sends at all sends far more often. */
const IDLE_MS = 60_000;

/**
 * Hands the uploaded bytes to `use` as a file in a directory that is gone afterwards. A file on disk, because Parquet is read from its
 * end, and because an upload that is cut off must not have begun a transaction.
 * @throws AppError LIMIT past MAX_DATA_FILE_BYTES, without reading further; TIMEOUT when no byte comes for a minute
 */
export async function withUpload<T>(
  bytes: AsyncIterable<Uint8Array>,
  use: (upload: { path: string; size: number; directory: string }) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "trainyard-upload-"));
  try {
    const path = join(directory, "file");
    return await use({ path, size: await spool(bytes, path), directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function spool(bytes: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let size = 0;
  try {
    for await (const piece of untilIdle(bytes)) {
      size += piece.byteLength;
      if (size > MAX_DATA_FILE_BYTES) throw tooLarge();
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return size;
}

async function* untilIdle(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  for (;;) {
    const next = await beforeIdle(pieces.next());
    if (next.done) return;
    yield next.value;
  }
}

async function beforeIdle<T>(next: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(idleUpload()), IDLE_MS);
  });
  return Promise.race([next, idle]).finally(() => clearTimeout(timer));
}

function idleUpload(): AppError {
  return new AppError("TIMEOUT", `No more of the file came for ${IDLE_MS / 1000} seconds.`, {
    hint: "Check the connection and upload it again.",
  });
}

export function tooLarge(): AppError {
  return new AppError("LIMIT", `The file is larger than ${MAX_DATA_FILE_BYTES / 1_048_576} MiB.`, {
    hint: "Split it and upload the parts, or put it on the node and name its folder in the run.",
  });
}
