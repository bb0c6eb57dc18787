import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type pg from "pg";
import { forgetWorkers } from "../nodes";
import { readStartTicks } from "../process-stat";

/** Identity of a process: nobody else ever has the same. `machine` is null where /proc cannot tell. */
interface OwnerParts {
  machine: string;
  pid: number;
  startedAt: string;
}

/** A name for this process's leases, made anew at every start. */
export function createOwner(): string {
  const parts = partsOf(process.pid);
  const nonce = randomBytes(6).toString("hex");
  return parts === null
    ? `worker/${nonce}`
    : `worker/${parts.machine}/${parts.pid}/${parts.startedAt}/${nonce}`;
}

/**
 * Ends the leases of workers that died on this machine, so that nobody waits for them to run out. A process that is gone
 * cannot write any more, which is all that a lease guards against.
 */
export async function endLeasesOfDeadOwners(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ owner: string }>(
    "SELECT owner FROM node_lease WHERE until > clock_timestamp() UNION SELECT owner FROM worker",
  );
  const dead = rows.map((row) => row.owner).filter(isDeadHere);
  if (dead.length === 0) return;
  await forgetWorkers(pool, dead);
  await pool.query(
    "UPDATE node_lease SET until = clock_timestamp() - interval '1 second' WHERE owner = ANY ($1)",
    [dead],
  );
}

export function isDeadHere(owner: string): boolean {
  const [, machine, pid, startedAt] = owner.split("/");
  const self = partsOf(process.pid);
  if (self === null || machine !== self.machine || !/^\d+$/.test(pid ?? "")) return false;
  return partsOf(Number(pid))?.startedAt !== startedAt;
}

/** Boot and pid namespace tell machines and containers apart; start time tells a process from a later one with its pid. */
function partsOf(pid: number): OwnerParts | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const namespace = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
    const startedAt = readStartTicks(pid);
    return startedAt === null ? null : { machine: `${hostname()}-${boot}-${namespace}`, pid, startedAt };
  } catch {
    // No /proc.
    return null;
  }
}
