import { setTimeout as sleep } from "node:timers/promises";
import { isAppError } from "../../errors";
import { NO_MEMORY, type PrepareOptions, prepareRound } from "./prepare-round";

const BUSY_MS = 500;
const IDLE_MS = 2_000;

/**
 * Looks after the node's preparation beside the rounds of a connection. `facts` is null until the node was looked at.
 * `stop` returns when nothing of it runs any more; close the connection first.
 */
export function keepPreparing(
  options: Omit<PrepareOptions, "facts"> & { facts: () => PrepareOptions["facts"] | null },
): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const done = work(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function work(options: Parameters<typeof keepPreparing>[0], signal: AbortSignal): Promise<void> {
  const memory = { ...NO_MEMORY };
  while (!signal.aborted) {
    let pauseMs = IDLE_MS;
    try {
      const facts = options.facts();
      const result = facts === null ? "idle" : await prepareRound({ ...options, facts }, memory);
      if (result !== "idle") pauseMs = result === "more" ? 0 : BUSY_MS;
    } catch (error) {
      // Whoever holds the connection or the lease next goes on.
      if (isAppError(error) && (error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT")) return;
      options.ctx.log.warn({ err: error }, "a preparation's round failed and is repeated");
    }
    // Rejects only because stop() was called, which the loop looks at itself.
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}
