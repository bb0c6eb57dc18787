import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sshdUnavailable, startSshd, type TestSshd } from "../../server/testing/sshd";
import { CHUNK_BYTES } from "../../server/worker/attempts/chunk-memory";
import { connectNode, type LiveConnection, toSecret } from "../../server/worker/ssh";
import { browserUnavailable } from "../bench-browser";
import { type BenchRow, type Figure, ratioFigure, unmeasuredFigure } from "../bench-row";
import { followLogInBrowser } from "../follow-log-in-browser";
import { measureInTurn } from "../measure";
import { sshCommand } from "../ssh-command";

const LOG_BYTES = 134_217_728;
const PASSES = 7;
const NEWLINE = 10;

/** Lines of a real dialect, most of them without a figure. */
function writeLog(path: string): number {
  const lines = Array.from({ length: 2000 }, (_, i) =>
    i % 10 === 0
      ? `Epoch: 0, Step: ${i}, Rank: 0, loss = ${(4 - i / 1000).toFixed(6)}`
      : `[2026-01-02 03:04:05,${String(i % 1000).padStart(3, "0")}] [INFO] [utils.py:781:see_memory_usage] MA 3.96 GB Max_MA 22.95 GB CA 23.1 GB`,
  );
  const block = Buffer.from(`${lines.join("\n")}\n`);
  const file = openSync(path, "w");
  let written = 0;
  while (written < LOG_BYTES) written += writeSync(file, block);
  closeSync(file);
  chmodSync(path, 0o644);
  return written;
}

function expectSize(got: number, size: number): void {
  if (got !== size) throw new Error(`${got} of ${size} bytes arrived`);
}

/** Reads the file as an attempt's log is read: one chunk is used while the next is on its way. */
async function readLog(
  connection: LiveConnection,
  path: string,
  use: (bytes: Buffer) => void,
): Promise<number> {
  const handle = await connection.files.open(path);
  const size = await handle.size();
  let offset = 0;
  let next = handle.read(0, CHUNK_BYTES);
  while (offset < size) {
    const bytes = await next;
    offset += bytes.length;
    if (offset < size) next = handle.read(offset, Math.min(CHUNK_BYTES, size - offset));
    use(bytes);
  }
  await handle.close();
  return offset;
}

async function sshBytes(sshd: TestSshd, keyFile: string, command: string[]): Promise<number> {
  const child = spawn("ssh", sshCommand(sshd, keyFile, command), { stdio: ["ignore", "pipe", "inherit"] });
  let count = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    count += bytes.length;
  });
  await once(child, "close");
  return count;
}

async function measure(sshd: TestSshd): Promise<Figure[]> {
  const path = join(sshd.homeDirectory, "training.log");
  const keyFile = join(sshd.homeDirectory, "bench-key");
  const size = writeLog(path);
  writeFileSync(keyFile, sshd.privateKey, { mode: 0o600 });
  const connection = await connectNode({
    nodeId: "00000000-0000-4000-8000-000000000001",
    host: sshd.host,
    port: sshd.port,
    username: sshd.username,
    hostKey: sshd.hostKey(),
    credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
  });
  let lines = 0;
  const timing = await measureInTurn(
    {
      split: async () => {
        const read = await readLog(connection, path, (bytes) => {
          for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
        });
        expectSize(read, size);
      },
      cat: async () => expectSize(await sshBytes(sshd, keyFile, ["cat", path]), size),
      login: () => sshBytes(sshd, keyFile, ["true"]),
    },
    PASSES,
  );
  connection.close();
  // Ours is connected already; so is the baseline, once its login is taken off.
  const catMs = timing.cat.wallMs - timing.login.wallMs;
  const speed = (wallMs: number) => size / wallMs / 1000;
  const text = (wallMs: number) => `${speed(wallMs).toFixed(0)} MB/s`;
  const baseline = `ssh HOST cat, login taken off ${text(catMs)}`;
  return [
    ratioFigure({
      what: `read by SFTP, ${Math.round(lines / (PASSES + 1) / 1000)}k lines split`,
      figure: text(timing.split.wallMs),
      baseline,
      ratio: speed(timing.split.wallMs) / speed(catMs),
      target: { atLeast: 0.9 },
    }),
  ];
}

export const row: BenchRow = {
  number: 12,
  title: "log over SSH",
  run: async () => {
    if (sshdUnavailable !== null) return [unmeasuredFigure("read by SFTP", sshdUnavailable)];
    const sshd = await startSshd();
    const figures = await measure(sshd).finally(() => sshd.stop());
    const browserFigures =
      browserUnavailable === null
        ? await followLogInBrowser()
        : [unmeasuredFigure("followed in the browser", browserUnavailable)];
    return [...figures, ...browserFigures];
  },
};
