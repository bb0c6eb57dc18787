import { type Context, SYSTEM_ACTOR } from "../context";
import { openDatabase } from "../db";
import { createLogger } from "../log";

/** A short-lived context for a command line, acting as the system. */
export async function withContext<T>(databaseUrl: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const db = openDatabase(databaseUrl, { maxConnections: 2 });
  try {
    return await work({
      db,
      actor: SYSTEM_ACTOR,
      now: () => new Date(),
      log: createLogger("command", "warn"),
      publish: () => {},
    });
  } finally {
    await db.close();
  }
}
