import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeBackup } from "../db/backup";
import { runCommandLine, withDatabase } from "./with-database";

const USAGE = "Usage: npm run backup -- [--to FILE] [--with-keys]";
const MIB = 1024 * 1024;

/** `npm run backup`: one file with everything in the database. Works beside a running server and without one. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { to: { type: "string" }, "with-keys": { type: "boolean" } },
    allowPositionals: true,
  });
  if (positionals.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  return withDatabase(async ({ env, url }) => {
    const now = new Date();
    const stamp = now.toISOString().replace(/[-:]/g, "").slice(0, 15);
    const file = resolve(values.to ?? join(env.dataDirectory, "backups", `trainyard-${stamp}Z.backup`));
    const keyRing = values["with-keys"] ? readKeyRing(env.keyFile) : null;
    const written = await writeBackup({ url, file, now, keyRing });
    const seconds = ((Date.now() - now.getTime()) / 1000).toFixed(1);
    process.stderr.write(
      `${written.rows} rows of ${written.tables} tables, ${(written.sizeBytes / MIB).toFixed(1)} MiB, ${seconds} s.\n${
        keyRing === null
          ? `The key ring is not in it: node credentials stay locked without ${env.keyFile}. Keep a copy of that file elsewhere.\n`
          : "The key ring is in it: whoever has this file has the credentials of every node.\n"
      }`,
    );
    process.stdout.write(`${file}\n`);
    return 0;
  });
}

function readKeyRing(file: string): string {
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new Error(`There is no key ring at ${file}. Set TRAINYARD_KEY_FILE, or leave --with-keys out.`);
}

runCommandLine(main);
