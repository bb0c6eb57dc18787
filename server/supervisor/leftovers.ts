import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { readStartTicks } from "../process-stat";
import { writeAtomically } from "../write-atomically";

const Registered = z.object({ pid: z.number(), startedAt: z.string().nullable() });
const Registry = z.object({
  supervisor: Registered,
  origin: z.string().nullable().default(null),
  children: z.record(z.string(), Registered),
});
type Registry = z.infer<typeof Registry>;
type Registered = z.infer<typeof Registered>;

const TERM_PATIENCE_MS = 5_000;
const KILL_PATIENCE_MS = 2_000;

const isSame = ({ pid, startedAt }: Registered) => startedAt !== null && readStartTicks(pid) === startedAt;
const register = (pid: number): Registered => ({ pid, startedAt: readStartTicks(pid) });

/**
 * Who runs on this data directory. A second start is refused with the first one's address; what a killed one
 * left behind is ended first, so that ports and leases are free.
 */
export class ProcessRegistry {
  private readonly file: string;
  private readonly registry: Registry = { supervisor: register(process.pid), origin: null, children: {} };

  private constructor(file: string) {
    this.file = file;
  }

  /** @throws Error when another supervisor runs */
  static async claim(file: string): Promise<ProcessRegistry> {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const claimed = new ProcessRegistry(file);
    while (!claimed.create()) {
      const found = readRegistry(file);
      if (found !== null) await endLeftovers(found);
      removeUnchanged(file, found);
    }
    return claimed;
  }

  /** link(2) and not rename: of two that start together, one gets the name. */
  private create(): boolean {
    const own = `${this.file}.${process.pid}`;
    writeFileSync(own, JSON.stringify(this.registry), { mode: 0o600 });
    try {
      linkSync(own, this.file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return false;
    } finally {
      rmSync(own, { force: true });
    }
  }

  /** What a second start tells its user. */
  setOrigin(origin: string): void {
    this.registry.origin = origin;
    this.write();
  }

  addChild(name: string, pid: number): void {
    this.registry.children[name] = register(pid);
    this.write();
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  private write(): void {
    writeAtomically(this.file, JSON.stringify(this.registry));
  }
}

/** null: gone, or damaged by a disk that was full. */
function readRegistry(file: string): Registry | null {
  try {
    return Registry.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

async function endLeftovers({ supervisor, origin, children }: Registry): Promise<void> {
  if (supervisor.pid !== process.pid && isSame(supervisor)) {
    const where = origin === null ? "" : `: ${origin}`;
    throw new Error(
      `Trainyard already runs on this data directory (process ${supervisor.pid})${where}\nStop it, or start a second one beside it: TRAINYARD_DATA_DIR=/another/folder PORT=0 npm start`,
    );
  }
  const all = Object.values(children);
  for (const [signal, patienceMs] of [
    ["SIGTERM", TERM_PATIENCE_MS],
    ["SIGKILL", KILL_PATIENCE_MS],
  ] as const) {
    for (const { pid } of all.filter(isSame)) process.kill(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (all.some(isSame) && Date.now() < deadline) await delay(50);
  }
}

/** Takes a dead supervisor's entry away, but not one that somebody made meanwhile. */
function removeUnchanged(file: string, found: Registry | null): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = readRegistry(aside);
  if (moved !== null && moved.supervisor.pid !== found?.supervisor.pid) linkSync(aside, file);
  rmSync(aside, { force: true });
}
