import { setTimeout as sleep } from "node:timers/promises";
import { isAppError } from "../../errors";
import { type RemoveFilesOptions, removeDueFiles } from "./remove-due-files";

const EVERY_MS = 5_000;

/**
 * Removes files of deleted runs beside the rounds of a connection: a large directory on a slow disk must hold up no
 * training that is followed. `stop` returns when nothing of it runs any more; close the connection first.
 */
export function keepRemoving(options: RemoveFilesOptions): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const done = work(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function work(options: RemoveFilesOptions, signal: AbortSignal): Promise<void> {
  const { log } = options.ctx;
  while (!signal.aborted) {
    try {
      await removeDueFiles(options);
    } catch (error) {
      // Whoever holds the connection or the lease next goes on.
      if (isAppError(error) && (error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT")) return;
      log.warn({ err: error }, "files of deleted runs were not looked for");
    }
    // Rejects only because stop() was called, which the loop looks at itself.
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
