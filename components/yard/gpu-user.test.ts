import { expect, test } from "vitest";
import type { Gpu } from "@/server/contracts/nodes";
import { TELEMETRY_FIELDS } from "@/server/contracts/telemetry";
import { gpuUser } from "./gpu-user";
import { describeGpus, gpuLabel, usableGpus } from "./prepare-node";

function gpu(values: Partial<Gpu>): Gpu {
  return {
    nodeId: "n",
    uuid: "GPU-a",
    index: 0,
    name: "NVIDIA A30",
    memoryTotalMiB: 24_576,
    parentUuid: null,
    migProfile: null,
    migIndex: null,
    claimedBy: null,
    ...values,
  };
}
function reading(values: Record<string, number>) {
  // Safe because every field of the list is present.
  return Object.fromEntries(TELEMETRY_FIELDS.map((field) => [field, values[field] ?? null])) as never;
}
const process = { pid: 1, name: "python3", user: "eve", memoryMiB: 100, gpuUuid: "GPU-a", attemptId: null };

test("a claim comes first, then a foreign process, then what the reading tells", () => {
  const claimedBy = { attemptId: "a", runId: "r", runName: "opt-1.3b", stage: "ppo" as const };
  expect(gpuUser(gpu({ claimedBy }), undefined, [process])).toMatchObject({ kind: "run", stage: "ppo" });
  expect(gpuUser(gpu({}), reading({ memoryUsedMiB: 4 }), [process]).label).toBe("outside · eve");
  expect(gpuUser(gpu({}), reading({ memoryUsedMiB: 8000 }), []).kind).toBe("outside");
  expect(gpuUser(gpu({}), reading({ memoryUsedMiB: 4, utilizationGpuPercent: 0 }), []).kind).toBe("free");
  expect(gpuUser(gpu({}), undefined, []).kind).toBe("unknown");
});

test("instances stand in for their parent", () => {
  const parent = gpu({ uuid: "GPU-p", name: "NVIDIA H100" });
  const slices = [1, 0].map((migIndex) => gpu({ uuid: `MIG-${migIndex}`, parentUuid: "GPU-p", migIndex }));
  expect(usableGpus([parent, ...slices]).map(gpuLabel)).toEqual(["0.0", "0.1"]);
  expect(describeGpus([parent, ...slices])).toBe("1 × H100 · 2 MIG instances");
});

test("GPUs of one kind are counted, named shortly, with their memory", () => {
  expect(describeGpus([gpu({}), gpu({ uuid: "GPU-b", index: 1 })])).toBe("2 × A30 · 24 GiB");
  expect(describeGpus([])).toBe("no GPU");
});
