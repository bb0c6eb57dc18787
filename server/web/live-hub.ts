import type { Change } from "../contracts/changes";
import { batchOfChanges, mergeBatches } from "../contracts/changes";
import type { ChangeBatch, FileHint, LinkState } from "../contracts/sockets";
import type { TelemetryTick } from "../contracts/telemetry";
import { createBatcher, windowMs } from "./batch-window";
import type { Outbox } from "./outbox";
import { changesFor, hintsFor, type RoomScope, wantsTicksOf } from "./room-scope";
import { createTickMemory } from "./tick-memory";

const CHANGES_EVERY_MS = 50;

interface OpenRoom {
  scope: RoomScope;
  ticks: { add: (ticks: readonly TelemetryTick[]) => void; stop: () => void };
}

export interface LiveHub {
  openRoom: (room: string, scope: RoomScope) => void;
  closeRoom: (room: string) => void;
  rooms: () => string[];
  /** The newest reading of each node that a room shows. */
  ticksFor: (scope: RoomScope) => TelemetryTick[];
  onTicks: (ticks: TelemetryTick[]) => void;
  onChanged: (batch: ChangeBatch) => void;
  onFiles: (hints: FileHint[]) => void;
  /** A verb of this process changed a row. */
  publish: (change: Change) => void;
  setState: (state: LinkState) => void;
  state: () => LinkState;
  stop: () => void;
}

/** Takes what happens and hands each open room its part, one message per room and tick. */
export function createLiveHub(outbox: Outbox): LiveHub {
  const open = new Map<string, OpenRoom>();
  const memory = createTickMemory();
  let state: LinkState = { isWorkerConnected: false, isDatabaseAvailable: true };

  const changes = createBatcher<ChangeBatch>(
    () => CHANGES_EVERY_MS,
    (batches) => {
      for (const [room, { scope }] of open) {
        const parts = batches.flatMap((batch) => changesFor(scope, batch) ?? []);
        if (parts.length > 0) outbox.changed(room, parts.reduce(mergeBatches));
      }
    },
  );

  const ticksOf = (scope: RoomScope) => (scope.hasTelemetry ? memory.newest(scope.nodeIds, Date.now()) : []);

  return {
    openRoom: (room, scope) => {
      if (open.has(room)) return;
      const window = () => windowMs(scope.nodeIds?.length ?? ticksOf(scope).length);
      open.set(room, {
        scope,
        ticks: createBatcher(window, (ticks: TelemetryTick[]) => outbox.ticks(room, ticks)),
      });
    },
    closeRoom: (room) => {
      open.get(room)?.ticks.stop();
      open.delete(room);
    },
    rooms: () => [...open.keys()],
    ticksFor: ticksOf,
    onTicks: (ticks) => {
      memory.keep(ticks);
      for (const { scope, ticks: batcher } of open.values()) {
        const part = ticks.filter((tick) => wantsTicksOf(scope, tick.nodeId));
        if (part.length > 0) batcher.add(part);
      }
    },
    onChanged: (batch) => changes.add([batch]),
    onFiles: (hints) => {
      for (const [room, { scope }] of open) {
        const part = hintsFor(scope, hints);
        if (part.length > 0) outbox.files(room, part);
      }
    },
    publish: (change) => changes.add([batchOfChanges([change])]),
    setState: (next) => {
      const isNews =
        next.isWorkerConnected !== state.isWorkerConnected ||
        next.isDatabaseAvailable !== state.isDatabaseAvailable;
      state = next;
      if (isNews) outbox.link(state);
    },
    state: () => state,
    stop: () => {
      changes.stop();
      for (const { ticks } of open.values()) ticks.stop();
    },
  };
}
