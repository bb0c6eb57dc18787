import { parseArgs } from "node:util";
import { createToken } from "../auth";
import { startEmbeddedServer } from "../db/embedded/embedded-server";
import { migrate } from "../db/migrations";
import { readEnv } from "../env";
import { isAppError } from "../errors";
import { withContext } from "./open-context";

const USAGE = 'Usage: npm run token -- --name "CI" [--days 90]';

/** `npm run token -- --name X`: prints a new API token, this once. Works beside a running server and without one. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { name: { type: "string" }, days: { type: "string" } } });
  if (!values.name) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const env = readEnv();
  const server =
    env.databaseUrl === null
      ? await startEmbeddedServer({ directory: env.dataDirectory, database: "trainyard" })
      : { url: env.databaseUrl, wasRunning: true, stop: async () => {} };
  try {
    await migrate(server.url, process.cwd());
    const expiresInDays = values.days === undefined ? null : Number(values.days);
    const created = await withContext(server.url, (ctx) =>
      createToken({ ctx, input: { name: values.name ?? "", expiresInDays } }),
    );
    process.stderr.write(`Token "${created.name}" (shown once):\n`);
    process.stdout.write(`${created.token}\n`);
    return 0;
  } finally {
    // A server that somebody else runs goes on; one that only this command needed does not.
    if (!server.wasRunning) await server.stop();
  }
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const hint = isAppError(error) && error.hint ? ` ${error.hint}` : "";
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`);
    process.exitCode = 1;
  },
);
