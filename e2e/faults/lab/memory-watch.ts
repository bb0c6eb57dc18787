import { readFileSync } from "node:fs";

const EVERY_MS = 50;
const KIB = 1024;

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * KIB;
}

/** Looks at a process until `stop`, which returns the most that it held. */
export function watchMemory(pid: number): { stop: () => number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, residentBytes(pid));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return most;
    },
  };
}
