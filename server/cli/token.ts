import { parseArgs } from "node:util";
import { createToken } from "../auth";
import { migrate } from "../db/migrations";
import { withContext } from "./open-context";
import { runCommandLine, withDatabase } from "./with-database";

const USAGE = 'Usage: npm run token -- --name "CI" [--days 90]';

/** `npm run token -- --name X`: prints a new API token, this once. Works beside a running server and without one. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { name: { type: "string" }, days: { type: "string" } } });
  if (!values.name) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  return withDatabase(async ({ url }) => {
    await migrate(url, process.cwd());
    const expiresInDays = values.days === undefined ? null : Number(values.days);
    const created = await withContext(url, (ctx) =>
      createToken({ ctx, input: { name: values.name ?? "", expiresInDays } }),
    );
    process.stderr.write(`Token "${created.name}" (shown once):\n`);
    process.stdout.write(`${created.token}\n`);
    return 0;
  });
}

runCommandLine(main);
