import { setTimeout as sleep } from "node:timers/promises";
import { isAppError } from "../../errors";
import { pruneDirectories } from "./prune-directories";
import { type RemoveFilesOptions, removeDueFiles } from "./remove-due-files";

const EVERY_MS = 5_000;
const PRUNE_EVERY_MS = 600_000;

export interface KeepRemovingOptions extends RemoveFilesOptions {
  /** Days after its end that an attempt's directory stays; null: for ever. */
  keepNodeLogsDays: number | null;
}

/**
 * Removes files of deleted runs, and directories that were kept long enough, beside the rounds of a connection: a large
 * directory on a slow disk must hold up no training that is followed. `stop` returns when nothing of it runs any more; close the connection first.
 */
export function keepRemoving(options: KeepRemovingOptions): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const done = work(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function work(options: KeepRemovingOptions, signal: AbortSignal): Promise<void> {
  const { log } = options.ctx;
  const { keepNodeLogsDays } = options;
  /** Attempts whose directory is not what it should be: looked at again over the next connection. */
  const refused = new Set<string>();
  let pruneAt = 0;
  while (!signal.aborted) {
    try {
      await removeDueFiles(options);
      if (keepNodeLogsDays !== null && performance.now() >= pruneAt) {
        const hasMore = await pruneDirectories({ ...options, keepNodeLogsDays, refused });
        pruneAt = performance.now() + (hasMore ? 0 : PRUNE_EVERY_MS);
      }
    } catch (error) {
      // Whoever holds the connection or the lease next goes on.
      if (isAppError(error) && (error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT")) return;
      log.warn({ err: error }, "files that may go were not looked for");
    }
    // Rejects only because stop() was called, which the loop looks at itself.
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
