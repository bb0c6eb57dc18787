import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Client, enter, hintOf, type Site, startSite, tickOf } from "./live-site";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterEach(() => site.tidy());
afterAll(() => site.stop());

describe("rooms", () => {
  it("hands each room its own part and nothing else", async () => {
    const worker = await site.startWorker();
    const [yard, first, second, run] = await Promise.all([
      site.viewer(),
      site.viewer(),
      site.viewer(),
      site.viewer(),
    ]);
    const joined = await Promise.all([
      enter(yard, "yard"),
      enter(first, `node:${site.nodeIds[0]}`),
      enter(second, `node:${site.nodeIds[1]}`),
      enter(run, `run:${site.runId}`),
    ]);
    expect(joined.every((reply) => reply.ok)).toBe(true);
    const seen = { yard: record(yard), first: record(first), second: record(second), run: record(run) };

    worker.server.emit("telemetry", { ticks: [tickOf(site.nodeIds[0]), tickOf(site.nodeIds[1])] });
    worker.server.emit("files", { hints: [hintOf(site.runId), hintOf(site.nodeIds[1])] });
    worker.server.emit("changed", { nodes: [site.nodeIds[1]], runs: [], attempts: [], evaluations: [] });
    worker.server.emit("changed", {
      nodes: [site.nodeIds[0]],
      runs: [site.runId],
      attempts: [],
      evaluations: [],
    });

    await vi.waitFor(() => {
      expect(seen.yard.ticks.sort()).toEqual([...site.nodeIds].sort());
      expect(seen.first.ticks).toEqual([site.nodeIds[0]]);
      expect(seen.second.ticks).toEqual([site.nodeIds[1]]);
      expect(seen.run.ticks).toEqual([site.nodeIds[0]]);
      expect(seen.run.runs).toEqual([site.runId]);
      expect(seen.yard.runs).toEqual([site.runId]);
      expect(seen.second.nodes).toEqual([site.nodeIds[1]]);
    }, 5_000);
    expect(seen.run.files).toEqual([site.runId]);
    expect([...seen.yard.files, ...seen.first.files, ...seen.second.files]).toEqual([]);
    expect(seen.second.runs).toEqual([]);
    expect(seen.first.nodes).toEqual([site.nodeIds[0]]);
  });

  it("loses no hint for a client that stops reading, and merges what waited", async () => {
    const worker = await site.startWorker();
    const [sleeper, reader] = [await site.viewer(), await site.viewer()];
    await Promise.all([sleeper, reader].map((client) => enter(client, `run:${site.runId}`)));
    const received = { sleeper: countScalars(sleeper), reader: countScalars(reader) };
    const wire = rawSocketOf(sleeper);
    wire.pause();
    // Each batch is 2 MiB: the kernel takes the first few, the rest must wait here.
    for (let round = 1; round <= ROUNDS; round += 1) {
      const path = "x".repeat(4096);
      const hints = Array.from({ length: FILES }, (_, file) => ({
        ...hintOf(site.runId),
        fileId: uuid(file),
        path,
        offset: round,
      }));
      worker.server.emit("files", { hints });
      await vi.waitFor(() => expect(received.reader.messages).toBe(round), 10_000);
    }
    wire.resume();
    await vi.waitFor(() => expect(received.sleeper.scalars).toBe(3 * FILES * ROUNDS), 15_000);
    expect(new Set(received.sleeper.offsets.values())).toEqual(new Set([ROUNDS]));
    expect(received.sleeper.messages).toBeLessThan(ROUNDS);
  });

  it("fills a page on joining and tells the worker what is looked at", async () => {
    const worker = await site.startWorker((name) => ({
      ok: true,
      data: name === "watch" ? { ticks: [tickOf(site.nodeIds[0])] } : {},
    }));
    const client = await site.viewer();
    const reply = await enter(client, `node:${site.nodeIds[0]}`);
    expect(reply).toMatchObject({
      ok: true,
      ticks: [{ nodeId: site.nodeIds[0] }],
      link: { isWorkerConnected: true },
    });
    const watched = () => worker.asked.filter(({ name }) => name === "watch").at(-1)?.input;
    expect(watched()).toEqual({ rooms: [`node:${site.nodeIds[0]}`] });
    client.emit("leave", `node:${site.nodeIds[0]}`);
    await vi.waitFor(() => expect(watched()).toEqual({ rooms: [] }), 5_000);
  });

  it.each(["", "user:1", "node:../../etc", "run:00000000-0000-4000-8000-000000000000", "internal:behind"])(
    "knows no room %j",
    async (room) => {
      expect(await enter(await site.viewer(), room)).toMatchObject({ ok: false });
    },
  );

  it("tells pages when the worker comes and goes", async () => {
    const client = await site.viewer();
    const states: boolean[] = [];
    client.on("link", ({ isWorkerConnected }) => states.push(isWorkerConnected));
    await (await site.startWorker()).stop();
    await vi.waitFor(() => expect(states.slice(-2)).toEqual([true, false]), 5_000);
  });
});

const ROUNDS = 12;
const FILES = 512;
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

function countScalars(client: Client) {
  const seen = { messages: 0, scalars: 0, offsets: new Map<string, number>() };
  client.on("files", ({ hints }) => {
    seen.messages += 1;
    for (const one of hints) {
      seen.scalars += one.scalarCount;
      seen.offsets.set(one.fileId, one.offset);
    }
  });
  return seen;
}

/** The TCP socket below a client: pausing it is a tab that has gone to sleep. */
function rawSocketOf(client: Client): { pause: () => void; resume: () => void } {
  // Safe because the test runs in Node, where the transport is the ws package's.
  const { transport } = client.io.engine as unknown as {
    transport: { ws: { _socket: { pause: () => void; resume: () => void } } };
  };
  return transport.ws._socket;
}

function record(client: Client) {
  const seen = { ticks: [] as string[], files: [] as string[], runs: [] as string[], nodes: [] as string[] };
  client.on("telemetry", ({ ticks }) => seen.ticks.push(...ticks.map(({ nodeId }) => nodeId)));
  client.on("files", ({ hints }) => seen.files.push(...hints.map((one) => one.runId)));
  client.on("changed", (batch) => {
    seen.runs.push(...batch.runs);
    seen.nodes.push(...batch.nodes);
  });
  return seen;
}
