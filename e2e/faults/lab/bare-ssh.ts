import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshCommand } from "../../../bench/ssh-command";
import type { AttemptNode } from "../../../server/testing/attempt-node";

const MIB = 1_048_576;

/** What OpenSSH's own client makes of the same link: `ssh HOST cat FILE`, its login included. */
export async function bareSshMibPerSecond({ sshd, proxy }: AttemptNode, path: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-bare-ssh-"));
  const keyFile = join(directory, "key");
  writeFileSync(keyFile, sshd.privateKey, { mode: 0o600 });
  const startedAt = performance.now();
  const child = spawn("ssh", sshCommand({ ...sshd, port: proxy.port }, keyFile, ["cat", path]), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let bytes = 0;
  child.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  try {
    await once(child, "close");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return bytes / MIB / ((performance.now() - startedAt) / 1000);
}
