import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { TelemetryTick } from "@/server/contracts/telemetry";
import type { Database } from "@/server/db";
import type { Logger } from "@/server/log";
import type { NodeLease } from "@/server/nodes/lease";
import { FIRST_QUERY, OTHER_NAMES, shareTelemetryWriter } from "@/server/telemetry";
import telemetryScript from "../scripts/telemetry.sh";
import type { NodeConnection } from "../ssh/types";
import { TickAssembler } from "./assemble-ticks";
import { FrameReader } from "./read-frames";

export interface StartTelemetryOptions {
  connection: NodeConnection;
  nodeId: string;
  /** Whose disk is measured, as the settings have it ("~/x"); one that is not there yet: the home directory. */
  workDirectory: string;
  lease: NodeLease;
  db: Database;
  onTick: (tick: TelemetryTick) => void;
  log: Logger;
  /** Seconds between two ticks of the reader; 1 unless a test is in a hurry. */
  tickSeconds?: number;
}

/** The reader prints every tick; a channel that is silent for so many is closed and opened again. */
const SILENT_TICKS = 15;
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;
/** A reader that lasted so long ends the back-off. */
const GOOD_MS = 60_000;
/** How long a channel that we closed may take to say so. */
const CLOSING_MS = 3_000;

/**
 * Keeps one telemetry reader on the node until stop(): one channel, one script, opened again with back-off (1 to
 * 30 s) when it ends or falls silent. The script itself replaces a reader that an earlier channel left behind and an
 * nvidia-smi that hangs, so there are never two. Every tick is stored (TelemetryWriter) and handed to onTick.
 */
export function startTelemetry(options: StartTelemetryOptions): { stop: () => Promise<void> } {
  const { db, lease, log } = options;
  const shared = shareTelemetryWriter(db, log);
  const stopping = new AbortController();
  const onTick = (tick: TelemetryTick) => {
    shared.writer.push(tick, lease);
    options.onTick(tick);
  };
  const done = keepReading({ ...options, onTick }, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
      await shared.release();
    },
  };
}

async function keepReading(options: StartTelemetryOptions, signal: AbortSignal): Promise<void> {
  let pauseMs = RETRY_FIRST_MS;
  while (!signal.aborted) {
    const startedAt = Date.now();
    try {
      await readUntilClosed(options, signal);
    } catch (error) {
      options.log.debug({ err: error }, "telemetry reader could not be opened");
    }
    if (Date.now() - startedAt > GOOD_MS) pauseMs = RETRY_FIRST_MS;
    if (!signal.aborted) await pause(pauseMs * (0.5 + Math.random() / 2), signal);
    pauseMs = Math.min(RETRY_LAST_MS, pauseMs * 2);
  }
}

async function readUntilClosed(options: StartTelemetryOptions, signal: AbortSignal): Promise<void> {
  const { connection, nodeId, workDirectory, lease, log } = options;
  const tickSeconds = options.tickSeconds ?? 1;
  const nonce = randomBytes(6).toString("hex");
  const frames = new FrameReader(nonce);
  const ending = new AbortController();
  const end = () => ending.abort();
  const assembler = new TickAssembler({
    nodeId,
    intervalMs: tickSeconds * 1000,
    now: Date.now,
    onTick: options.onTick,
    onNotice: (notice) => log.info({ notice }, "telemetry notice"),
  });
  const watchdog = setTimeout(
    () => {
      log.info("the telemetry reader is silent and is replaced");
      end();
    },
    SILENT_TICKS * tickSeconds * 1000,
  );
  let markClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    markClosed = resolve;
  });
  const onStdout = (bytes: Buffer) => {
    if (ending.signal.aborted) return;
    try {
      const read = frames.push(bytes);
      if (read.length > 0) watchdog.refresh();
      for (const frame of read) assembler.push(frame);
    } catch (error) {
      log.warn({ err: error }, "telemetry is not readable, the reader is replaced");
      end();
    }
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    const channel = await connection.streamScript(telemetryScript, {
      args: scriptArguments({ nonce, nodeId, epoch: lease.epoch, tickSeconds, workDirectory }),
      onStdout,
      onStderr: (bytes) => log.debug({ stderr: bytes.toString("utf8").slice(0, 500) }, "telemetry reader"),
      onClose: () => {
        end();
        markClosed();
      },
    });
    if (signal.aborted) end();
    await whenAborted(ending.signal);
    channel.close();
    await Promise.race([closed, sleep(CLOSING_MS, undefined, { ref: false })]);
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener("abort", end);
    assembler.close();
  }
}

/** $1 … of telemetry.sh. */
export function scriptArguments(input: {
  nonce: string;
  nodeId: string;
  epoch: bigint;
  tickSeconds: number;
  workDirectory: string;
}): string[] {
  return [
    input.nonce,
    input.nodeId,
    `${input.epoch}`,
    `${input.tickSeconds}`,
    `${input.tickSeconds * 1000}`,
    FIRST_QUERY.join(","),
    OTHER_NAMES.map(([property, other]) => `${property}=${other}`).join(","),
    input.workDirectory,
  ];
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  // Rejects only because stop() was called, which the caller's loop looks at itself.
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
