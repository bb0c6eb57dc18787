import type pg from "pg";
import { Gauge, type Registry } from "prom-client";
import type { WorkerLink } from "../../contracts/link";
import type { Logger } from "../../log";
import { createRegistry } from "../../process-metrics";
import { DatabaseFigures } from "./database-figures";
import { mergeExpositions } from "./merge-expositions";

const WORKER_DEADLINE_MS = 3_000;

export interface MetricsParts {
  pool: pg.Pool;
  log: Logger;
  /** null while the web process is still starting. */
  link: () => WorkerLink | null;
}

/** Everything that `/metrics` tells: this process's figures, those of the database, and the linked workers' own. */
export class Metrics {
  readonly contentType: string;
  private readonly parts: MetricsParts;
  private readonly registry: Registry = createRegistry("web");
  private readonly figures: DatabaseFigures;
  private readonly workers: Gauge;
  private reading: Promise<string> | null = null;

  constructor(parts: MetricsParts) {
    this.parts = parts;
    this.contentType = this.registry.contentType;
    this.figures = new DatabaseFigures(parts.pool, this.registry);
    this.workers = new Gauge({
      name: "trainyard_workers",
      help: "Workers that answer this web process.",
      registers: [this.registry],
    });
  }

  /** Who asks meanwhile gets the same. What cannot be had is missing, and its count says so. */
  read(): Promise<string> {
    this.reading ??= this.readNow().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async readNow(): Promise<string> {
    const { log } = this.parts;
    const [workers] = await Promise.all([
      this.readWorkers(),
      this.figures
        .refresh()
        .catch((error: unknown) => log.debug({ err: error }, "figures of the database cannot be read")),
    ]);
    this.workers.set(workers.length);
    return mergeExpositions([await this.registry.metrics(), ...workers]);
  }

  private async readWorkers(): Promise<string[]> {
    const link = this.parts.link();
    if (link === null) return [];
    return link.request("metrics", {}, { deadlineMs: WORKER_DEADLINE_MS }).then(
      ({ texts }) => texts,
      (error: unknown) => {
        this.parts.log.debug({ err: error }, "figures of the workers cannot be read");
        return [];
      },
    );
  }
}
