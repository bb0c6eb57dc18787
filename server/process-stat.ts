import { readFileSync } from "node:fs";

/**
 * Start time of a living process in clock ticks since boot, which tells it from a later one with the same pid.
 * null: no such process, a zombie, or a system without /proc.
 */
export function readStartTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before may hold spaces and brackets; start time is field 22, the 20th after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Whether a process lives. A zombie does not: where nobody collects it, it would seem to live for ever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return readStartTicks(pid) !== null || readStartTicks(process.pid) === null;
}
