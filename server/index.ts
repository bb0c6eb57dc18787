import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "./env";
import { createLogger } from "./log";
import { printWelcome } from "./supervisor/print-welcome";
import { startTrainyard } from "./supervisor/start-trainyard";

/** `npm start`: everything until Ctrl-C. */
async function main(): Promise<void> {
  const env = readEnv();
  const log = createLogger("supervisor", env.logLevel);
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const trainyard = await startTrainyard({ env, root, log });
  printWelcome(trainyard);
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      trainyard.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, "stopping failed");
          process.exit(1);
        },
      );
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
