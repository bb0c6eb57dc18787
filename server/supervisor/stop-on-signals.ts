import type { Logger } from "../log";
import type { Trainyard } from "./trainyard";

/**
 * Ctrl-C, a closed terminal or a service manager stop everything in order; a second Ctrl-C does not wait for the
 * processes. `statusOf` tells the exit status.
 */
export function stopOnSignals(options: {
  trainyard: Trainyard;
  log: Logger;
  statusOf: (signal: NodeJS.Signals) => number;
  /** What has to end first, while everything still runs. */
  before?: () => Promise<void>;
}): void {
  const { trainyard, log, statusOf, before = async () => {} } = options;
  // A terminal that is gone takes no more output, and that must not keep us from stopping in order.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  let asked = 0;
  const stop = (signal: NodeJS.Signals) => {
    asked += 1;
    if (asked > 1) return trainyard.kill();
    if (process.stderr.isTTY) process.stderr.write("\n  Stopping …\n");
    const status = statusOf(signal);
    before()
      .catch((error: unknown) => log.warn({ err: error }, "not everything could be ended"))
      .then(() => trainyard.stop())
      .then(
        () => process.exit(status),
        (error: unknown) => {
          log.error({ err: error }, "stopping failed");
          process.exit(1);
        },
      );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // The development server's watcher that was killed.
  process.on("disconnect", () => stop("SIGTERM"));
}
