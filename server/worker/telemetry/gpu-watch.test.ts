import { describe, expect, it } from "vitest";
import { type GpuProcess, TELEMETRY_FIELDS, type TelemetryTick } from "../../contracts/telemetry";
import { GpuWatch } from "./gpu-watch";

const FOREIGN = { pid: 1, name: "x", user: "ada", memoryMiB: 9_000, gpuUuid: "G0", attemptId: null };

function tickOf(processes: GpuProcess[] | null, gpuUuids = ["G0"]): TelemetryTick {
  const values = TELEMETRY_FIELDS.map((field) => gpuUuids.map(() => (field === "memoryUsedMiB" ? 9_000 : 0)));
  return { nodeId: "n", at: 0, gpuUuids, values, host: null, processes };
}

function watchAt() {
  const clock = { now: 1_000 };
  return { clock, watch: new GpuWatch(() => clock.now) };
}
const usedBy = (watch: GpuWatch) => [...(watch.foreignUse() ?? new Map([["not read yet", null]])).keys()];

describe("who else uses the GPUs", () => {
  it("cannot be told before the first list of processes, for a while", () => {
    const { clock, watch } = watchAt();
    expect(usedBy(watch)).toEqual(["not read yet"]);
    watch.see(tickOf(null));
    expect(usedBy(watch)).toEqual(["not read yet"]);
    clock.now += 10_000;
    expect(usedBy(watch)).toEqual([]);
  });

  it("is told by the newest list, also between two lists", () => {
    const { watch } = watchAt();
    watch.see(tickOf([FOREIGN]));
    watch.see(tickOf(null));
    expect(usedBy(watch)).toEqual(["G0"]);
    watch.see(tickOf([{ ...FOREIGN, attemptId: "a" }]));
    expect(usedBy(watch)).toEqual([]);
  });

  it("is forgotten when readings stop", () => {
    const { clock, watch } = watchAt();
    watch.see(tickOf([FOREIGN]));
    clock.now += 15_001;
    expect(usedBy(watch)).toEqual([]);
  });

  it("is nobody on a node without GPUs, at once", () => {
    const { watch } = watchAt();
    watch.see(tickOf(null, []));
    expect(usedBy(watch)).toEqual([]);
  });
});
