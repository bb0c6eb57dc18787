import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "./env";
import { createLogger } from "./log";
import { renderWelcome } from "./supervisor/render-welcome";
import { stopOnSignals } from "./supervisor/stop-on-signals";
import { Trainyard } from "./supervisor/trainyard";
import { isColoured } from "./terminal";

/** `npm start`: everything until Ctrl-C. */
async function main(): Promise<void> {
  const env = readEnv();
  const log = createLogger("supervisor", env.logLevel);
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const trainyard = new Trainyard({ env, root, log });
  stopOnSignals({ trainyard, log, statusOf: () => 0 });
  if (process.stderr.isTTY) process.stderr.write("  Starting …\n");
  const running = await trainyard.start();
  process.stdout.write(renderWelcome(running, { isColoured: isColoured(process.stdout) }));
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
