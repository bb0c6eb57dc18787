import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "socket.io";
import { TELEMETRY_FIELDS, type TelemetryTick } from "../../server/contracts/telemetry";
import { createLiveHub } from "../../server/web/live-hub";
import { createOutbox, type LiveServer } from "../../server/web/outbox";
import { YARD_SCOPE } from "../../server/web/room-scope";
import { absoluteFigure, type BenchRow, ratioFigure } from "../bench-row";

const CLIENTS = 200;
const NODES = 100;
const GPUS = 8;
const SECONDS = 5;
const PASSES = 2;
const STATES_PER_SECOND = 1;

interface Counted {
  readings: number;
  messages: number;
  fewestStates: number;
}

const ids = Array.from({ length: NODES }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);

function tickOf(nodeId: string): TelemetryTick {
  const gpuUuids = Array.from({ length: GPUS }, (_, g) => `GPU-${nodeId.slice(-8)}-${g}`);
  const values = TELEMETRY_FIELDS.map(() => gpuUuids.map(() => Math.round(Math.random() * 24_576)));
  return { nodeId, at: Date.now(), gpuUuids, values, host: null, processes: null };
}

/** Every node reads once a second, each at its own moment, as real ones do. */
async function readNodes(
  send: (tick: TelemetryTick) => void,
  alsoEachSlot: (slot: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  for (let n = 0; n < NODES * SECONDS; n += 1) {
    const id = ids[n % NODES];
    if (id !== undefined) send(tickOf(id));
    alsoEachSlot(n);
    const waitMs = startedAt + ((n + 1) * 1000) / NODES - performance.now();
    if (waitMs > 0) await sleep(waitMs);
  }
  // What still waits for its window belongs to the figure.
  await sleep(400);
}

async function cpuMsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

async function count(clients: ChildProcess): Promise<Counted> {
  clients.send("count");
  const [message] = await once(clients, "message");
  // Safe because fan-out-clients.mjs answers "count" with nothing else.
  return message as Counted;
}

async function openServer() {
  const http = createServer();
  const io: LiveServer = new Server(http, {
    path: "/socket.io/",
    transports: ["websocket"],
    perMessageDeflate: false,
    serveClient: false,
  });
  io.on("connection", (socket) => socket.join("yard"));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // Safe because a TCP server that listens has an AddressInfo.
  const { port } = http.address() as AddressInfo;
  return { io, origin: `http://127.0.0.1:${port}` };
}

/** Both ways in turn, the better of two passes each, so that noise of the machine meets both. */
async function measure(io: LiveServer, clients: ChildProcess) {
  const outbox = createOutbox(io);
  const hub = createLiveHub(outbox);
  hub.openRoom("yard", YARD_SCOPE);
  let states = 0;
  const alsoState = (slot: number) => {
    if (slot % (NODES / STATES_PER_SECOND) !== 0) return;
    states += 1;
    hub.publish({ kind: "run", runId: `run ${states}`, nodeId: ids[0] ?? "" });
  };
  const ways = {
    single: (tick: TelemetryTick) => io.to("yard").emit("telemetry", { ticks: [tick], sentAt: Date.now() }),
    batch: (tick: TelemetryTick) => hub.onTicks([tick]),
  };
  const best = { single: Number.POSITIVE_INFINITY, batch: Number.POSITIVE_INFINITY };
  const arrived = { single: 0, batch: 0 };
  let counted = await count(clients);
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const way of ["single", "batch"] as const) {
      const cpuMs = await cpuMsOf(() => readNodes(ways[way], alsoState));
      best[way] = Math.min(best[way], cpuMs);
      const now = await count(clients);
      arrived[way] += now.readings - counted.readings;
      counted = now;
    }
  }
  hub.stop();
  outbox.stop();
  return { best, arrived, states, fewestStates: counted.fewestStates };
}

export const row: BenchRow = {
  number: 8,
  title: `${CLIENTS} clients × ${NODES} nodes`,
  run: async () => {
    const { io, origin } = await openServer();
    const clients = fork(join(process.cwd(), "bench", "fan-out-clients.mjs"), [origin, String(CLIENTS)]);
    await once(clients, "message");
    const { best, arrived, states, fewestStates } = await measure(io, clients);
    clients.disconnect();
    await io.close();
    const share = (readings: number) => ((100 * readings) / (CLIENTS * NODES * SECONDS * PASSES)).toFixed(1);
    const percent = (cpuMs: number) => `${(cpuMs / (SECONDS * 10)).toFixed(1)} % of a core`;
    return [
      ratioFigure({
        what: "one batch a room and window",
        figure: percent(best.batch),
        baseline: `one message a node ${percent(best.single)}`,
        ratio: best.single / best.batch,
        target: { atLeast: 5 },
      }),
      absoluteFigure({
        what: "state messages lost by any client",
        figure: `${states - fewestStates} of ${states}; readings that arrived ${share(arrived.batch)} % (one by one ${share(arrived.single)} %)`,
        target: "0",
        isHit: fewestStates === states,
      }),
    ];
  },
};
