import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";
import { z } from "zod";
import { HostKey } from "../contracts/nodes";

const HOST = "127.0.0.1";
const USERNAME = "practice";

const PracticeServerFile = z.object({
  host: z.string(),
  port: z.number().int(),
  username: z.string(),
  password: z.string().min(16),
  hostKey: HostKey,
});
/** `practice/server.json` (0600): all that the rest of the product needs to log in. */
export type PracticeServerFile = z.infer<typeof PracticeServerFile>;

/** The host key's private half, made once and kept (0600). */
export function loadHostKey(directory: string): { privateKey: string; hostKey: HostKey } {
  const file = join(directory, "host_ed25519");
  if (!existsSync(file)) writePrivately(file, ssh2.utils.generateKeyPairSync("ed25519").private);
  const privateKey = readFileSync(file, "utf8");
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw new Error(`${file} is not a private key`, { cause: parsed });
  const blob = parsed.getPublicSSH();
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return {
    privateKey,
    hostKey: { algorithm: parsed.type, fingerprint: `SHA256:${digest}`, blob: blob.toString("base64") },
  };
}

/** What the last start left, or a new password and no port yet. A damaged file is made anew. */
export function readServerFile(directory: string, hostKey: HostKey): PracticeServerFile {
  const stored = parseStored(join(directory, "server.json"));
  if (stored !== null) return { ...stored, host: HOST, username: USERNAME, hostKey };
  const password = randomBytes(24).toString("base64url");
  return { host: HOST, port: 0, username: USERNAME, password, hostKey };
}

function parseStored(file: string): PracticeServerFile | null {
  if (!existsSync(file)) return null;
  try {
    return PracticeServerFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Half a file of a start that was cut off: nobody has logged in with it.
    return null;
  }
}

export function writeServerFile(directory: string, content: PracticeServerFile): void {
  writePrivately(join(directory, "server.json"), `${JSON.stringify(content, null, 2)}\n`);
}

function writePrivately(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
