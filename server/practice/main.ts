import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "../env";
import { createLogger } from "../log";
import { startPractice } from "./start-practice";

const STOP_TIMEOUT_MS = 8000;

const env = readEnv();
const log = createLogger("practice", env.logLevel);

try {
  const { server, address } = await startPractice({
    dataDirectory: env.dataDirectory,
    programDirectory: join(dirname(fileURLToPath(import.meta.url)), "practice"),
    port: env.practicePort,
    log,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(0), STOP_TIMEOUT_MS).unref();
      void server.close().then(() => process.exit(0));
    });
  }
  log.info({ port: address.port }, "ready");
  process.send?.("ready");
} catch (error) {
  log.fatal({ err: error }, "could not start");
  process.exitCode = 1;
}
