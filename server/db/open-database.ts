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

export function openDatabase(url: string, options: { maxConnections?: number } = {}): Database {
  const max = options.maxConnections ?? 10;
  const pool = new pg.Pool({ connectionString: url, max, statement_timeout: 30_000 });
  // An idle connection that dies (server restart) must not take the process with it; the next query reports it.
  pool.on("error", () => {});
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max }) });
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
