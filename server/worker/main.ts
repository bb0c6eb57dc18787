import { readEnv } from "../env";
import { createLogger } from "../log";
import { startWorker } from "./start-worker";

/** Short of the 10 s after which whoever stops us stops waiting. */
const STOP_DEADLINE_MS = 8_000;

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLogger("worker", env.logLevel);
  // The state is on the nodes and in Postgres: starting anew is safe, going on after a surprise is not.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event);
      process.exit(1);
    });
  }
  if (env.databaseUrl === null) throw new Error("DATABASE_URL is not set.");
  const worker = await startWorker({ env, databaseUrl: env.databaseUrl, log });
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => {
      log.error("stopping took too long");
      process.exit(1);
    }, STOP_DEADLINE_MS);
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  // A supervisor that was killed cannot stop us, and the next one starts a worker of its own.
  process.on("disconnect", () => stop("the supervisor is gone"));
  log.info({ pid: process.pid, owner: worker.owner }, "ready");
  process.send?.("ready");
}

main().catch((error: unknown) => {
  createLogger("worker").fatal({ err: error }, "the worker could not start");
  process.exit(1);
});
