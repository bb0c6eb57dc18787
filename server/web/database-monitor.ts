import type { Database } from "../db";
import type { Logger } from "../log";

const EVERY_MS = 5_000;
const PATIENCE_MS = 2_000;

export interface DatabaseMonitor {
  isAvailable: () => boolean;
  /** Asks now; several callers share one question. */
  check: () => Promise<boolean>;
  stop: () => void;
}

/** Knows whether Postgres answers. Pages say so instead of showing old figures as new ones. */
export function watchDatabase(parts: {
  db: Database;
  log: Logger;
  onChange: (isAvailable: boolean) => void;
}): DatabaseMonitor {
  const { db, log, onChange } = parts;
  let isAvailable = true;
  let asking: Promise<boolean> | null = null;

  const ask = async () => {
    const problem = await problemOf(db);
    const isNow = problem === null;
    if (isNow !== isAvailable) {
      isAvailable = isNow;
      if (isNow) log.info("the database is back");
      else log.error({ err: problem }, "the database cannot be reached");
      onChange(isNow);
    }
    return isNow;
  };
  const check = () => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  const timer = setInterval(() => void check(), EVERY_MS);
  return { isAvailable: () => isAvailable, check, stop: () => clearInterval(timer) };
}

async function problemOf(db: Database): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  const answer = db.pool.query("SELECT 1").then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const problem = await Promise.race([answer, patience]);
  clearTimeout(timer);
  return problem;
}
