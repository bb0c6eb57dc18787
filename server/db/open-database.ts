import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client";

/** Prisma for CRUD, `pool` for ingest and for SQL that Prisma cannot say. Both speak to one Postgres. */
export interface Database {
  prisma: PrismaClient;
  pool: pg.Pool;
  url: string;
  close: () => Promise<void>;
}

/**
 * Of every connection. A process that is frozen inside a transaction keeps its row locks, a lease's among them, and
 * nobody could take over its nodes: Postgres ends such a transaction before the lease itself runs out.
 */
const CONNECTION_LIMITS = {
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 10_000,
} as const;

export function openDatabase(url: string, options: { maxConnections?: number } = {}): Database {
  const max = options.maxConnections ?? 10;
  const settings = { connectionString: url, max, ...CONNECTION_LIMITS };
  const pool = new pg.Pool(settings);
  // A connection that dies, idle or between two statements, must not take the process with it: the next query reports it.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const prisma = new PrismaClient({ adapter: new PrismaPg(settings) });
  return {
    prisma,
    pool,
    url,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
