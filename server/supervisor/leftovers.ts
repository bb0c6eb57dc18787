import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const Registered = z.object({ pid: z.number(), startedAt: z.string().nullable() });
const Registry = z.object({ supervisor: Registered, children: z.record(z.string(), Registered) });
type Registry = z.infer<typeof Registry>;
type Registered = z.infer<typeof Registered>;

/** Start time of a process in clock ticks since boot, which tells it from a later one with the same pid. Linux only. */
function startOf(pid: number): string | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  try {
    const stat = readFileSync(file, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    // It ended between the two calls.
    return null;
  }
}

function isSame({ pid, startedAt }: Registered): boolean {
  return startedAt !== null && startOf(pid) === startedAt;
}

const register = (pid: number): Registered => ({ pid, startedAt: startOf(pid) });

/**
 * Who runs on this data directory. A second start is refused with the first one's pid; what a killed one
 * left behind is ended first, so that ports and leases are free.
 */
export class ProcessRegistry {
  private readonly file: string;
  private readonly registry: Registry;

  private constructor(file: string) {
    this.file = file;
    this.registry = { supervisor: register(process.pid), children: {} };
  }

  /** @throws Error when another supervisor runs */
  static async claim(file: string): Promise<ProcessRegistry> {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    if (existsSync(file)) await ProcessRegistry.clearLeftovers(file);
    const registry = new ProcessRegistry(file);
    registry.write();
    return registry;
  }

  private static async clearLeftovers(file: string): Promise<void> {
    const parsed = Registry.safeParse(JSON.parse(readFileSync(file, "utf8") || "null"));
    if (!parsed.success) return;
    const { supervisor, children } = parsed.data;
    if (supervisor.pid !== process.pid && isSame(supervisor)) {
      throw new Error(
        `Trainyard already runs on this data directory (process ${supervisor.pid}). Stop it, or set TRAINYARD_DATA_DIR to another directory.`,
      );
    }
    const left = Object.values(children).filter(isSame);
    for (const { pid } of left) process.kill(pid, "SIGTERM");
    const deadline = Date.now() + 5_000;
    while (left.some(isSame) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    for (const one of left.filter(isSame)) process.kill(one.pid, "SIGKILL");
  }

  addChild(name: string, pid: number): void {
    this.registry.children[name] = register(pid);
    this.write();
  }

  private write(): void {
    writeFileSync(this.file, JSON.stringify(this.registry), { mode: 0o600 });
  }
}
