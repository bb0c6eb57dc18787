import { startEmbeddedServer } from "../db/embedded/embedded-server";
import { type Env, readEnv } from "../env";
import { isAppError } from "../errors";

/** The server of DATABASE_URL, or the embedded one; one that only this command needed is stopped after it. */
export async function withDatabase<T>(work: (parts: { env: Env; url: string }) => Promise<T>): Promise<T> {
  const env = readEnv();
  if (env.databaseUrl !== null) return work({ env, url: env.databaseUrl });
  const server = await startEmbeddedServer({ directory: env.dataDirectory, database: "trainyard" });
  try {
    return await work({ env, url: server.url });
  } finally {
    if (!server.wasRunning) await server.stop();
  }
}

/** Runs a command to its exit status; what goes wrong is a sentence on stderr. */
export function runCommandLine(main: () => Promise<number>): void {
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
}
