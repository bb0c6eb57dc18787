import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedServer } from "../db/embedded/embedded-server";
import { schemaDrift } from "../db/migrations";

/** `npm run migration -- name`: writes prisma/migrations/NNNN_name with the SQL that schema.prisma needs. `--check` only compares. */
async function main(): Promise<number> {
  const root = process.cwd();
  const isCheck = process.argv.includes("--check");
  const name = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
  const scratch = join(tmpdir(), `trainyard-migration-${process.getuid?.() ?? 0}`);
  const server = await startEmbeddedServer({
    directory: scratch,
    database: `scratch_${process.pid}`,
    isThrowaway: true,
  });
  try {
    const sql = await schemaDrift(server.url, root);
    if (sql === "") {
      process.stdout.write("schema.prisma and prisma/migrations agree\n");
      return 0;
    }
    if (isCheck || !name) {
      process.stdout.write(
        `schema.prisma is ahead of prisma/migrations; run: npm run migration -- NAME\n\n${sql}\n`,
      );
      return 1;
    }
    const migrations = join(root, "prisma", "migrations");
    const last =
      readdirSync(migrations)
        .filter((entry) => /^\d{4}_/.test(entry))
        .sort()
        .at(-1) ?? "0000";
    const directory = join(migrations, `${String(Number(last.slice(0, 4)) + 1).padStart(4, "0")}_${name}`);
    mkdirSync(directory);
    writeFileSync(join(directory, "migration.sql"), `${sql}\n`);
    process.stdout.write(`${directory}\n`);
    return 0;
  } finally {
    await server.stop();
  }
}

process.exitCode = await main();
