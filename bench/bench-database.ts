import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "../server/db";
import { startEmbeddedServer } from "../server/db/embedded/embedded-server";
import { migrate } from "../server/db/migrations";
import { acquireLease, type NodeLease } from "../server/nodes/lease";

export interface BenchDatabase {
  db: Database;
  /** Nodes with a lease that outlasts the row. */
  createNodes: (count: number) => Promise<NodeLease[]>;
  close: () => Promise<void>;
}

/** A migrated PostgreSQL of its own, thrown away afterwards. */
export async function openBenchDatabase(): Promise<BenchDatabase> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-bench-"));
  const server = await startEmbeddedServer({ directory, database: "bench", isThrowaway: true });
  await migrate(server.url, process.cwd());
  const db = openDatabase(server.url);
  return {
    db,
    createNodes: async (count) => {
      const ids = Array.from({ length: count }, () => randomUUID());
      await db.prisma.node.createMany({
        data: ids.map((id) => ({
          id,
          name: id,
          host: "127.0.0.1",
          username: "bench",
          authMethod: "password",
        })),
      });
      const leases = await Promise.all(ids.map((id) => acquireLease(db.pool, id, "bench")));
      await db.pool.query("UPDATE node_lease SET until = clock_timestamp() + interval '1 hour'");
      return leases.filter((lease) => lease !== null);
    },
    close: async () => {
      await db.close();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
