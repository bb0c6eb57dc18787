import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "./env";

/** The secret that webs and workers share: a setting, or made by whichever comes first (0600, in the data directory). */
export function linkSecret(env: Env): string {
  if (env.linkSecret !== null) return env.linkSecret;
  const directory = join(env.dataDirectory, "run");
  const file = join(directory, "link-secret");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (!isAlreadyThere(cause)) throw cause;
  }
  return readFileSync(file, "utf8").trim();
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
