import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_DATA_FILE_BYTES } from "../contracts/data-facts";
import { AppError } from "../errors";

/**
 * Hands the uploaded bytes to `use` as a file that is gone afterwards. A file on disk, because Parquet is read from its
 * end, and because an upload that is cut off must not have begun a transaction.
 * @throws AppError LIMIT past MAX_DATA_FILE_BYTES, without reading further
 */
export async function withUpload<T>(
  bytes: AsyncIterable<Uint8Array>,
  use: (upload: { path: string; size: number }) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "trainyard-upload-"));
  try {
    const path = join(directory, "file");
    return await use({ path, size: await spool(bytes, path) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function spool(bytes: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let size = 0;
  try {
    for await (const piece of bytes) {
      size += piece.byteLength;
      if (size > MAX_DATA_FILE_BYTES) throw tooLarge();
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return size;
}

export function tooLarge(): AppError {
  return new AppError("LIMIT", `The file is larger than ${MAX_DATA_FILE_BYTES / 1_048_576} MiB.`, {
    hint: "Split it and upload the parts, or put it on the node and name its folder in the run.",
  });
}
