import { writeSync } from "node:fs";

const RETRY_MS = 5;
const waiter = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it before it returns, also to a full non-blocking pipe: a process that dies next has lost nothing. */
export function writeFully(file: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    const written = tryWrite(file, bytes);
    if (written === 0) Atomics.wait(waiter, 0, 0, RETRY_MS);
    bytes = bytes.subarray(written);
  }
}

function tryWrite(file: number, bytes: Buffer): number {
  try {
    return writeSync(file, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

/** How a stage speaks: Python's print, and DeepSpeed's logger. */
export interface TrainingLog {
  print(line: string): void;
  /** `source` is file:line:function, as DeepSpeed names it. */
  info(source: string, message: string): void;
  error(source: string, message: string): void;
}

export function createTrainingLog(
  write: (text: string) => void = (text) => writeFully(1, text),
): TrainingLog {
  const log = (level: string, source: string, message: string) =>
    write(`[${logTime(new Date())}] [${level}] [${source}] ${message}\n`);
  return {
    print: (line) => write(`${line}\n`),
    info: (source, message) => log("INFO", source, message),
    error: (source, message) => log("ERROR", source, message),
  };
}

/** 2023-04-18 01:46:59,142, local time, as Python's logging has it. */
function logTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${date} ${clock},${String(time.getMilliseconds()).padStart(3, "0")}`;
}
