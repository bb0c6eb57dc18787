import { expect, it } from "vitest";
import type { GpuProcess, TelemetryTick } from "../contracts/telemetry";
import { createTickMemory } from "./tick-memory";

const tick = (nodeId: string, at: number, processes: GpuProcess[] | null = null): TelemetryTick => ({
  nodeId,
  at,
  gpuUuids: [],
  values: [],
  host: null,
  processes,
});
const process: GpuProcess = {
  pid: 1,
  name: "python",
  user: null,
  memoryMiB: 10,
  gpuUuid: "g",
  attemptId: null,
};

it("remembers the newest reading of each node, whatever order they come in", () => {
  const memory = createTickMemory();
  memory.keep([tick("a", 2000), tick("b", 1000), tick("a", 1000)]);
  expect(memory.newest(null, 2000).map(({ nodeId, at }) => [nodeId, at])).toEqual([
    ["a", 2000],
    ["b", 1000],
  ]);
  expect(memory.newest(["b", "unknown"], 2000).map(({ nodeId }) => nodeId)).toEqual(["b"]);
});

it("keeps the last process list through readings that have none", () => {
  const memory = createTickMemory();
  memory.keep([tick("a", 1000, [process])]);
  memory.keep([tick("a", 2000)]);
  expect(memory.newest(null, 2000)[0]?.processes).toEqual([process]);
});

it("shows no reading that is too old to say anything about now", () => {
  const memory = createTickMemory();
  memory.keep([tick("a", 1000)]);
  expect(memory.newest(null, 40_000)).toEqual([]);
});
