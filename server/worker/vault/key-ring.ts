import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const KEY_BYTES = 32;

const KeyRingFile = z.object({
  version: z.literal(1),
  /** Wraps what is stored from now on; the others only open what they wrapped before. */
  primary: z.string().min(1),
  keys: z.record(
    z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    z.base64().refine((text) => Buffer.from(text, "base64").length === KEY_BYTES, "A key has 32 bytes."),
  ),
});

export interface KeyRing {
  primaryId: string;
  /** null: the ring does not have that key. */
  find: (keyId: string) => Buffer | null;
}

/**
 * Reads the ring, or makes one with a new random key on a first start (directory 0700, file 0600).
 * @throws Error when the file is not valid or others may read it: the worker does not start with a key it cannot trust
 */
export function loadKeyRing(file: string): KeyRing {
  return parseKeyRing(readOrCreate(file), file);
}

function readOrCreate(file: string): string {
  try {
    return readTrusted(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  createOnce(file);
  return readTrusted(file);
}

/** Written whole under another name and linked: two workers that start together agree on the first one's key. */
function createOnce(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  chmodSync(dirname(file), 0o700);
  const keyId = `k${randomBytes(6).toString("hex")}`;
  const ring = { version: 1, primary: keyId, keys: { [keyId]: randomBytes(KEY_BYTES).toString("base64") } };
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(temporary, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(temporary);
  }
}

function readTrusted(file: string): string {
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0) {
    throw new Error(
      `${file} holds the key of all credentials and others may read it. Run: chmod 600 ${file}`,
    );
  }
  return readFileSync(file, "utf8");
}

function parseKeyRing(text: string, file: string): KeyRing {
  const parsed = KeyRingFile.safeParse(parseJson(text));
  // The reasons stay out of the message: they could quote a key.
  if (!parsed.success) throw new Error(`${file} is not a key ring. Restore it from a backup.`);
  const keys = new Map(
    Object.entries(parsed.data.keys).map(([id, text]) => [id, Buffer.from(text, "base64")]),
  );
  const primaryId = parsed.data.primary;
  if (!keys.has(primaryId)) throw new Error(`${file} lacks its primary key ${primaryId}.`);
  return { primaryId, find: (keyId) => keys.get(keyId) ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Judged like any other content that is not a ring.
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
