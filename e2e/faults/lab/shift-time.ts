import { readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";

/**
 * Sets everything that is stored back in time, in the database and on the node, as if nobody had looked for so long: every
 * timestamp of every table, and the times of every file in these directories.
 */
export async function shiftTime(
  pool: pg.Pool,
  { seconds, directories }: { seconds: number; directories: readonly string[] },
): Promise<void> {
  const { rows } = await pool.query<{ table: string; column: string }>(
    `SELECT c.table_name AS table, c.column_name AS column
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = 'timestamp with time zone'
       AND c.table_name NOT LIKE 'telemetry%' AND c.table_name <> '_prisma_migrations'`,
  );
  for (const { table, column } of rows) {
    await pool.query(`UPDATE "${table}" SET "${column}" = "${column}" - make_interval(secs => $1)`, [
      seconds,
    ]);
  }
  for (const directory of directories) shiftFiles(directory, seconds);
}

function shiftFiles(directory: string, seconds: number): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) shiftFiles(path, seconds);
    else if (entry.isFile()) {
      const { atimeMs, mtimeMs } = statSync(path);
      utimesSync(path, atimeMs / 1000 - seconds, mtimeMs / 1000 - seconds);
    }
  }
}
