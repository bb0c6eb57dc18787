import { expect, test } from "vitest";
import { TELEMETRY_FIELDS, type TelemetryTick } from "@/server/contracts/telemetry";
import { createTelemetryStore, HISTORY_LENGTH } from "./telemetry-store";

function tick(
  at: number,
  gpus: Record<string, number | null>,
  more: Partial<TelemetryTick> = {},
): TelemetryTick {
  const values = TELEMETRY_FIELDS.map((field) =>
    Object.values(gpus).map((value) => (field === "utilizationGpuPercent" ? value : null)),
  );
  return { nodeId: "n", at, gpuUuids: Object.keys(gpus), values, host: null, processes: null, ...more };
}

test("a tick wakes only those who look at its node", () => {
  const store = createTelemetryStore();
  const woken: string[] = [];
  store.subscribe("n", () => woken.push("n"));
  store.subscribe("m", () => woken.push("m"));
  store.ingest([tick(1, { a: 99 })]);
  expect(woken).toEqual(["n"]);
  expect(store.get("n")?.gpus.get("a")?.utilizationGpuPercent).toBe(99);
});

test("an old or repeated tick changes nothing", () => {
  const store = createTelemetryStore();
  store.ingest([tick(2, { a: 50 })]);
  store.ingest([tick(2, { a: 1 }), tick(1, { a: 2 })]);
  expect(store.get("n")?.history.times).toEqual([2]);
  expect(store.get("n")?.gpus.get("a")?.utilizationGpuPercent).toBe(50);
});

test("a GPU that is missing from a tick leaves a gap", () => {
  const store = createTelemetryStore();
  store.ingest([tick(1, { a: 10 }), tick(2, { b: 20 }), tick(3, { a: 30, b: 40 })]);
  const history = store.get("n")?.history;
  expect(history?.gpus.get("a")?.utilization).toEqual([10, null, 30]);
  expect(history?.gpus.get("b")?.utilization).toEqual([null, 20, 40]);
});

test("processes stay until the next list, and history has an end", () => {
  const store = createTelemetryStore();
  const process = { pid: 7, name: "python3", user: "ada", memoryMiB: 10, gpuUuid: "a", attemptId: null };
  store.ingest([tick(0, { a: 1 }, { processes: [process] })]);
  store.ingest(Array.from({ length: HISTORY_LENGTH + 5 }, (_, index) => tick(index + 1, { a: index })));
  expect(store.get("n")?.processes).toEqual([process]);
  expect(store.get("n")?.history.times).toHaveLength(HISTORY_LENGTH);
  expect(store.get("n")?.history.gpus.get("a")?.utilization).toHaveLength(HISTORY_LENGTH);
});

test("the last minutes hold nothing from before a night of silence", () => {
  const store = createTelemetryStore();
  const night = 8 * 3_600_000;
  store.ingest([
    tick(0, { a: 10 }),
    tick(1000, { a: 20 }),
    tick(night, { a: 30 }),
    tick(night + 1000, { a: 40 }),
  ]);
  expect(store.get("n")?.history.gpus.get("a")?.utilization).toEqual([30, 40]);
});
