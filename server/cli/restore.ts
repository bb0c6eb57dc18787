import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Restored, restoreBackup, verifyBackup } from "../db/backup";
import { type Env, readEnv } from "../env";
import { ProcessRegistry } from "../supervisor/leftovers";
import { prepareDataDirectory } from "../supervisor/prepare-data-directory";
import { runCommandLine, withDatabase } from "./with-database";

const USAGE = `Usage: npm run restore -- FILE [--check] [--replace [--discard]]
  --check    reads the file to its end and changes nothing
  --replace  puts the backup in the place of what is there, which is kept in a schema of its own
  --discard  deletes what is there instead of keeping it`;

/** `npm run restore`: puts a backup into the database, while Trainyard is stopped. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { check: { type: "boolean" }, replace: { type: "boolean" }, discard: { type: "boolean" } },
    allowPositionals: true,
  });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1 || (values.discard && !values.replace)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const file = resolve(name);
  const header = await verifyBackup(file);
  process.stderr.write(
    `${file} is whole: made ${header.createdAt} from PostgreSQL ${header.serverVersion}.\n`,
  );
  if (values.check) return 0;
  const env = readEnv();
  assertKeysFit(env, header.keyRing);
  prepareDataDirectory(env.dataDirectory);
  // Refused while Trainyard runs on this data directory; what a killed one left is ended first.
  const registry = await ProcessRegistry.claim(join(env.dataDirectory, "run", "processes.json"));
  try {
    const existing = values.discard ? "drop" : values.replace ? "keep" : "refuse";
    const restored = await withDatabase(({ url }) =>
      restoreBackup({ url, file, root: process.cwd(), now: new Date(), existing }),
    );
    if (header.keyRing !== null) writeKeys(env, header.keyRing);
    tell(restored);
    return 0;
  } finally {
    registry.release();
  }
}

function assertKeysFit({ keyFile }: Env, keyRing: string | null): void {
  if (keyRing === null || !existsSync(keyFile) || readFileSync(keyFile, "utf8") === keyRing) return;
  throw new Error(
    `The backup holds a key ring, and ${keyFile} is another one. Move that file away first; nothing was changed.`,
  );
}

function writeKeys({ keyFile }: Env, keyRing: string): void {
  if (existsSync(keyFile)) return;
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, keyRing, { mode: 0o600, flag: "wx" });
}

function tell({ rows, tables, keptIn, migrated, header }: Restored): void {
  const lines = [`${rows} rows of ${tables} tables are back.`];
  if (migrated.length > 0) lines.push(`Brought to this version: ${migrated.join(", ")}.`);
  if (keptIn !== null)
    lines.push(`What was there is in the schema ${keptIn}; to delete it: DROP SCHEMA ${keptIn} CASCADE;`);
  if (header.keyRing === null)
    lines.push(
      "The key ring was not in it: without the one of that time, enter the nodes' credentials again.",
    );
  process.stdout.write(`${lines.join("\n")}\n`);
}

runCommandLine(main);
