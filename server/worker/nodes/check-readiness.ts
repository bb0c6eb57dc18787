import { createHash, randomBytes } from "node:crypto";
import type { NodeInventory, NodeSettings } from "../../contracts/nodes";
import { isAppError } from "../../errors";
import type { ReadinessFacts } from "../../nodes/readiness/readiness-facts";
import pythonProbe from "../scripts/probe-readiness.py";
import probe from "../scripts/probe-readiness.sh";
import type { NodeConnection } from "../ssh";
import type { NodeRecord } from "./load-node";
import { measureClock } from "./measure-clock";
import { parseReadiness } from "./parse-readiness";

/** Importing torch from a cold network disk takes 20 s and more. */
const IMPORT_SECONDS = 45;
/** What has not come by then is unknown: a program that hangs in the kernel cannot be waited for. */
const PROBE_TIMEOUT_MS = 65_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
const SHOWN_NOISE_BYTES = 200;

interface CheckInput {
  connection: NodeConnection;
  node: Pick<NodeRecord, "isPractice" | "settings">;
  /** Taken just now: GPUs and the place of the examples come from it. */
  inventory: NodeInventory;
}

/**
 * Looks at everything that training needs, in at most about 70 s, and changes nothing that stays. What gave no answer is
 * null in the facts. @throws AppError NODE_UNREACHABLE, TIMEOUT (no shell came)
 */
export async function checkReadiness({ connection, node, inventory }: CheckInput): Promise<ReadinessFacts> {
  const { settings, isPractice } = node;
  const clockOffsetMs = await measureClock(connection);
  const [shell, sftpError] = await Promise.all([
    runProbe(connection, probeArguments({ connection, node, inventory })),
    trySftp(connection, inventory.homeDirectory),
  ]);
  const { shell: shellName, ...probed } = parseReadiness(shell.output);
  return {
    isPractice,
    settingsHash: hashReadinessSettings(settings),
    login: {
      shell: shellName,
      noise: shell.noise,
      noiseBytes: shell.noiseBytes,
      startMs: shell.startMs,
      sftpError,
    },
    clockOffsetMs,
    gpus: gpuFacts(inventory),
    ...probed,
  };
}

/** Changes with every setting that a check depends on. */
export function hashReadinessSettings(settings: NodeSettings): string {
  const { virtualEnvironment, examplesDirectory, workDirectory, env } = settings;
  const text = JSON.stringify([
    virtualEnvironment,
    examplesDirectory,
    workDirectory,
    Object.entries(env).toSorted(),
  ]);
  return createHash("sha256").update(text).digest("hex");
}

function probeArguments({ node, inventory }: CheckInput): string[] {
  const { settings, isPractice } = node;
  return [
    randomBytes(8).toString("hex"),
    settings.virtualEnvironment ?? "",
    settings.examplesDirectory ?? inventory.examplesDirectory ?? "",
    settings.workDirectory ?? "",
    isPractice ? "" : pythonProbe,
    String(IMPORT_SECONDS),
    ...Object.entries(settings.env).map(([name, value]) => `${name}=${value}`),
  ];
}

function gpuFacts(inventory: NodeInventory): ReadinessFacts["gpus"] {
  const parents = new Set(inventory.gpus.flatMap((gpu) => gpu.parentUuid ?? []));
  const usable = inventory.gpus.filter((gpu) => !parents.has(gpu.uuid));
  return {
    count: usable.length,
    hasMig: usable.some((gpu) => gpu.parentUuid !== null),
    driverVersion: inventory.driverVersion,
    driverCuda: inventory.cudaVersion,
  };
}

interface ProbeRun {
  output: string;
  noise: string;
  noiseBytes: number;
  startMs: number | null;
}

/** On a channel of its own: a login shell anew, whose start can be timed and whose noise be heard. */
async function runProbe(connection: NodeConnection, args: string[]): Promise<ProbeRun> {
  const output: Buffer[] = [];
  const noise: Buffer[] = [];
  const startedAt = performance.now();
  let startMs: number | null = null;
  let outputBytes = 0;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stream = await connection.streamScript(probe, {
    args,
    onStdout: (bytes) => {
      startMs ??= performance.now() - startedAt;
      outputBytes += bytes.length;
      if (outputBytes > MAX_OUTPUT_BYTES) return end();
      output.push(Buffer.from(bytes));
      if (/(^|\n)end=1\n$/.test(bytes.toString("latin1"))) end();
    },
    onNoise: (bytes) => noise.push(Buffer.from(bytes)),
    onClose: () => end(),
  });
  const timer = setTimeout(() => end(), PROBE_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
  stream.close();
  return { output: Buffer.concat(output).toString("utf8"), startMs, ...describeNoise(Buffer.concat(noise)) };
}

function describeNoise(noise: Buffer): { noise: string; noiseBytes: number } {
  const shown = noise
    .subarray(0, SHOWN_NOISE_BYTES)
    .toString("utf8")
    // Colours and other control sequences say nothing in a list.
    .replaceAll(/\p{Cc}\[[0-9;?]*[A-Za-z]/gu, "")
    .replaceAll(/[\p{Cc}\ufffd]+/gu, " ")
    .trim();
  return { noise: shown, noiseBytes: noise.length };
}

/** Writes, reads and removes a small file. @returns why that failed, null when it did not */
async function trySftp(connection: NodeConnection, home: string | null): Promise<string | null> {
  if (home === null) return "The home directory is unknown.";
  const path = `${home}/.trainyard-check.${randomBytes(8).toString("hex")}.sftp`;
  try {
    await connection.files.write(path, Buffer.from("trainyard"));
    const back = await connection.files.read(path, { maxBytes: 64 });
    await connection.files.remove(path);
    return back?.toString() === "trainyard" ? null : "A file came back changed.";
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.message;
  }
}
