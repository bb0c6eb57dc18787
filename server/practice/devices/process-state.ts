import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive as isRunning, readStartTicks } from "../../process-stat";

/** What a process on the simulated devices says about itself, in `run/<pid>.json`. */
export interface ProcessState {
  pid: number;
  /** Start time of the pid in clock ticks since boot; null where /proc does not exist. A reused pid has another. */
  startTicks: string | null;
  program: string;
  devices: number[];
  /** On each of its devices. */
  memoryMiB: number;
  /** Share of the last interval in which it computed, 0 to 100. */
  utilizationPercent: number;
  /** Unix milliseconds. */
  updatedAt: number;
}

/** A process that has not spoken for so long is not computing, though it still holds its memory. */
const QUIET_MS = 3000;

export function writeProcessState(practiceDirectory: string, state: ProcessState): void {
  const directory = join(practiceDirectory, "run");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${state.pid}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

export function removeProcessState(practiceDirectory: string, pid: number): void {
  rmSync(join(practiceDirectory, "run", `${pid}.json`), { force: true });
}

/** The processes that are alive. Files of dead ones are removed. */
export function readProcessStates(practiceDirectory: string, now: number): ProcessState[] {
  const directory = join(practiceDirectory, "run");
  const states: ProcessState[] = [];
  for (const name of listNames(directory)) {
    const state = readState(join(directory, name));
    if (state === null) continue;
    if (!isAlive(state)) {
      removeProcessState(practiceDirectory, state.pid);
      continue;
    }
    states.push(now - state.updatedAt > QUIET_MS ? { ...state, utilizationPercent: 0 } : state);
  }
  return states.sort((a, b) => a.pid - b.pid);
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    // Nothing has run here yet.
    return [];
  }
}

function readState(file: string): ProcessState | null {
  try {
    // Safe because only writeProcessState writes there, and by rename.
    return JSON.parse(readFileSync(file, "utf8")) as ProcessState;
  } catch {
    // It ended and took its file away while we looked.
    return null;
  }
}

function isAlive(state: ProcessState): boolean {
  return state.startTicks === null ? isRunning(state.pid) : readStartTicks(state.pid) === state.startTicks;
}
