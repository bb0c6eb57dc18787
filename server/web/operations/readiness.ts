import type { Logger } from "../../log";

/** What a web process needs to serve, in the order in which one depends on another. */
export interface Readiness {
  isReady: boolean;
  /** "ok", or what is missing, for people. */
  checks: Record<"pages" | "database" | "migrations" | "worker", string>;
}

export interface ReadinessParts {
  log: Logger;
  /** null while the web process is still starting. */
  live: () => { checkDatabase: () => Promise<boolean>; isWorkerConnected: () => boolean } | null;
  hasPages: () => boolean;
  /** Names of migrations that this version brings and the database lacks. @throws when it does not answer */
  pendingMigrations: () => Promise<string[]>;
}

export async function readReadiness(parts: ReadinessParts): Promise<Readiness> {
  const live = parts.live();
  const hasDatabase = (await live?.checkDatabase()) ?? false;
  const checks = {
    pages: parts.hasPages() ? "ok" : "still starting",
    database: hasDatabase ? "ok" : live === null ? "not asked yet" : "does not answer",
    migrations: hasDatabase ? await migrationsOf(parts) : "unknown while the database does not answer",
    worker: live?.isWorkerConnected() ? "ok" : "not connected",
  };
  return { isReady: Object.values(checks).every((check) => check === "ok"), checks };
}

async function migrationsOf({ pendingMigrations, log }: ReadinessParts): Promise<string> {
  try {
    const pending = await pendingMigrations();
    return pending.length === 0 ? "ok" : `not applied: ${pending.join(", ")}`;
  } catch (error) {
    log.debug({ err: error }, "the list of migrations cannot be read");
    return "the list of migrations cannot be read";
  }
}
