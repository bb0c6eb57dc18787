import { TelemetryTick } from "../contracts/telemetry";
import type { Logger } from "../log";
import type { LinkClient } from "./link-client";
import type { LiveHub } from "./live-hub";

const DEADLINE_MS = 1_000;

/**
 * Tells the worker which rooms somebody looks at: it follows those faster and sends their readings. One request at a
 * time; what changes meanwhile goes with the next. Never throws: without the worker a page shows what Postgres has.
 */
export function createRoomWatch(parts: {
  link: () => LinkClient;
  hub: LiveHub;
  log: Logger;
}): () => Promise<void> {
  const { link, hub, log } = parts;
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const tell = async () => {
    if (!link().isConnected()) return;
    try {
      const { ticks } = await link().request("watch", { rooms: hub.rooms() }, { deadlineMs: DEADLINE_MS });
      hub.onTicks(ticks.flatMap((tick) => TelemetryTick.safeParse(tick).data ?? []));
    } catch (error) {
      log.debug({ err: error }, "the worker did not take the list of rooms");
    }
  };
  const start = () => {
    running = tell().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (running === null) return start();
    next ??= running.then(() => {
      next = null;
      return start();
    });
    return next;
  };
}
