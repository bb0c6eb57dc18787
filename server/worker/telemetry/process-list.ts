import { Id } from "@/server/contracts/primitives";
import type { GpuProcess } from "@/server/contracts/telemetry";
import {
  type ComputeApp,
  type ListedGpu,
  type MigProcess,
  type MigReading,
  parseComputeApp,
} from "@/server/telemetry";

const MOST_PROCESSES = 1000;

interface Owner {
  attemptId: string | null;
  user: string | null;
}

/** Collects one process query's lines until it ended; the finished list is taken once, by the next tick. */
export class ProcessList {
  #owners = new Map<number, Owner>();
  #apps: ComputeApp[] = [];
  #finished: GpuProcess[] | null = null;

  /** "pid attempt user", `-` where it could not be told. */
  owner(text: string): void {
    const [pid = "", attempt = "-", user = "-"] = text.split(" ");
    if (!/^\d+$/.test(pid) || this.#owners.size >= MOST_PROCESSES) return;
    const attemptId = Id.safeParse(attempt);
    this.#owners.set(Number(pid), {
      attemptId: attemptId.success ? attemptId.data : null,
      user: user === "-" || user === "" ? null : user,
    });
  }

  app(text: string): void {
    const app = parseComputeApp(text);
    if (app && this.#apps.length < MOST_PROCESSES) this.#apps.push(app);
  }

  end(isGood: boolean): void {
    if (isGood) this.#finished = this.#apps.map((app) => this.#attribute(app));
    this.#forget();
  }

  /** A MIG process is shown on its instance, or on the whole GPU when the instance cannot be told. */
  endMig(
    isGood: boolean,
    found: { processes: MigProcess[]; instances: MigReading[]; list: ListedGpu[] },
  ): void {
    if (isGood) {
      this.#finished = found.processes.slice(0, MOST_PROCESSES).map((process) => {
        const gpuUuid = instanceUuid(process, found.instances, found.list) ?? process.parentUuid;
        return this.#attribute({
          pid: process.pid,
          name: process.name,
          memoryMiB: process.memoryMiB,
          gpuUuid,
        });
      });
    }
    this.#forget();
  }

  take(): GpuProcess[] | null {
    const finished = this.#finished;
    this.#finished = null;
    return finished;
  }

  #attribute(app: ComputeApp): GpuProcess {
    const owner = this.#owners.get(app.pid);
    return {
      pid: app.pid,
      name: app.name,
      user: owner?.user ?? null,
      memoryMiB: app.memoryMiB,
      gpuUuid: app.gpuUuid,
      attemptId: owner?.attemptId ?? null,
    };
  }

  #forget(): void {
    this.#owners = new Map();
    this.#apps = [];
  }
}

function instanceUuid(
  process: MigProcess,
  instances: readonly MigReading[],
  list: readonly ListedGpu[],
): string | null {
  const instance = instances.find(
    (candidate) =>
      candidate.parentUuid === process.parentUuid &&
      candidate.gpuInstanceId === process.gpuInstanceId &&
      candidate.computeInstanceId === process.computeInstanceId,
  );
  if (!instance) return null;
  const listed = list.find(
    (gpu) => gpu.parentUuid === instance.parentUuid && gpu.migIndex === instance.migIndex,
  );
  return listed?.uuid ?? null;
}
