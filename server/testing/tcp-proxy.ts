import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** A TCP relay on loopback that can lose the link in every way that a network does. */
export interface TcpProxy {
  host: string;
  port: number;
  /** Connections accepted since the start. */
  connectionCount: () => number;
  openCount: () => number;
  /** Bytes that went from the server to clients so far. */
  bytesToClients: () => number;
  /** Resets every connection at once, both ends. */
  cutNow: () => void;
  /** Resets every connection as soon as this many more bytes have gone to clients; the rest never arrives. */
  cutAfter: (bytes: number) => void;
  /** Calls this once, as soon as this many more bytes have gone to clients. */
  afterBytes: (bytes: number, act: () => void) => void;
  /** Connections stay open and nothing moves any more: a half-open link. */
  stall: () => void;
  resume: () => void;
  /** The connections of now stay open and are dead for good, as after a sleep; new ones work. */
  strand: () => void;
  /** While true, new connections are reset at once. */
  setRefusing: (isRefusing: boolean) => void;
  stop: () => Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
}

/** @param roundTripMs added to what loopback takes, half of it each way */
export async function startTcpProxy(
  target: { host: string; port: number },
  { roundTripMs = 0 }: { roundTripMs?: number } = {},
): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const stranded = new Set<Pair>();
  const state = {
    accepted: 0,
    toClients: 0,
    cutAt: Number.POSITIVE_INFINITY,
    isStalled: false,
    isRefusing: false,
    act: null as { at: number; call: () => void } | null,
  };

  /** Timers of one length fire in the order in which they were set, so the bytes stay in order. */
  const later = (send: () => void) => {
    if (roundTripMs === 0) send();
    else setTimeout(send, roundTripMs / 2);
  };
  const actWhenDue = () => {
    const { act } = state;
    if (act === null || state.toClients < act.at) return;
    state.act = null;
    act.call();
  };
  const cutNow = () => {
    for (const pair of pairs) {
      pair.client.resetAndDestroy();
      pair.server.resetAndDestroy();
    }
    pairs.clear();
  };
  const relayToClient = (pair: Pair, bytes: Buffer) => {
    const room = state.cutAt - state.toClients;
    const passed = bytes.subarray(0, Math.max(0, room));
    state.toClients += passed.length;
    actWhenDue();
    if (passed.length === bytes.length && room > bytes.length) {
      later(() => pair.client.write(passed));
      return;
    }
    state.cutAt = Number.POSITIVE_INFINITY;
    later(() => pair.client.write(passed, () => cutNow()));
  };

  const listener = createServer({ noDelay: true }, (client) => {
    state.accepted += 1;
    if (state.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const pair = { client, server: dial({ ...target, noDelay: true }) };
    pairs.add(pair);
    pair.server.on("data", (bytes) => relayToClient(pair, bytes));
    client.on("data", (bytes) => later(() => pair.server.write(bytes)));
    if (state.isStalled) pauseAll([pair]);
    for (const [from, to] of [
      [client, pair.server],
      [pair.server, client],
    ] as const) {
      from.on("end", () => later(() => to.end()));
      from.on("close", () => {
        pairs.delete(pair);
        later(() => to.destroy());
      });
      // The other end sees the loss as a close; that is the point of this fixture.
      from.on("error", () => to.destroy());
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  return {
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    connectionCount: () => state.accepted,
    openCount: () => pairs.size,
    bytesToClients: () => state.toClients,
    cutNow,
    cutAfter: (bytes) => {
      state.cutAt = state.toClients + bytes;
    },
    afterBytes: (bytes, call) => {
      state.act = { at: state.toClients + bytes, call };
    },
    stall: () => {
      state.isStalled = true;
      pauseAll(pairs);
    },
    resume: () => {
      state.isStalled = false;
      for (const pair of pairs) {
        pair.client.resume();
        pair.server.resume();
      }
    },
    strand: () => {
      pauseAll(pairs);
      for (const pair of pairs) {
        stranded.add(pair);
      }
      pairs.clear();
    },
    setRefusing: (isRefusing) => {
      state.isRefusing = isRefusing;
    },
    stop: async () => {
      for (const pair of stranded) pairs.add(pair);
      cutNow();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

function pauseAll(pairs: Iterable<Pair>): void {
  for (const pair of pairs) {
    pair.client.pause();
    pair.server.pause();
  }
}
