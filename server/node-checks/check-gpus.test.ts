import { expect, it } from "vitest";
import { nodeCheckFacts, opt13b } from "../testing/node-check-facts";
import { checkGpus } from "./check-gpus";
import type { GpuUse } from "./facts";

const ADA: GpuUse = {
  by: "pid 123 of ada (20 GB)",
  isNamed: true,
  memoryMiB: 18_944,
  programs: ["python3"],
};
const SOMETHING: GpuUse = { by: "something else (3 GB)", isNamed: false, memoryMiB: 2_900, programs: [] };

interface Case {
  gpus: number;
  /** By index. */
  used: Record<number, GpuUse>;
  chosen?: number[];
  count?: number;
  claimed?: number[];
}
function check({ gpus, used, chosen = [], count = 1, claimed = [] }: Case) {
  const uuid = (index: number) => `GPU-${index}`;
  const parameters = opt13b();
  const { stages } = parameters;
  for (const stage of [stages.sft, stages.reward, stages.ppo]) stage.gpuCount = 1;
  stages.sft.gpuUuids = chosen.map(uuid);
  stages.sft.gpuCount = count;
  return checkGpus(
    nodeCheckFacts({
      parameters,
      node: { gpus: Array.from({ length: gpus }, (_, index) => ({ uuid: uuid(index), index })) },
      foreignUse: new Map(Object.entries(used).map(([index, use]) => [uuid(Number(index)), use])),
      claimedUuids: new Set(claimed.map(uuid)),
    }),
  );
}
const ofSft = (one: Case) => check(one).findings.filter(({ stage }) => stage === "sft");

it("says that nobody else is there", () => {
  expect(check({ gpus: 2, used: {} })).toEqual({
    findings: [],
    checked: ["Nobody else holds memory of the GPUs of gpu-1."],
  });
});

it("warns of a chosen GPU with somebody else's memory on it, and offers free ones", () => {
  expect(ofSft({ gpus: 4, used: { 0: ADA, 2: SOMETHING }, chosen: [0, 3] })).toEqual([
    {
      id: "gpu-in-use",
      severity: "warning",
      stage: "sft",
      path: "stages.sft.gpuUuids",
      message:
        "GPU 0 already holds 18,944 MiB of others (python3: pid 123 of ada (20 GB)). It starts there all the same, and may run out of memory.",
      fix: {
        label: "Use GPU 1 and 3",
        changes: [{ path: "stages.sft.gpuUuids", value: ["GPU-1", "GPU-3"] }],
      },
    },
  ]);
});

it("offers first what no run of ours holds, and nothing where too few are free", () => {
  const label = (one: Case) => ofSft(one)[0]?.fix?.label;
  expect(label({ gpus: 3, used: { 0: ADA }, chosen: [0], claimed: [1] })).toBe("Use GPU 2");
  expect(label({ gpus: 2, used: { 0: ADA }, chosen: [0], claimed: [1] })).toBe("Use GPU 1");
  expect(label({ gpus: 2, used: { 0: ADA, 1: ADA }, chosen: [0] })).toBeUndefined();
  expect(label({ gpus: 2, used: { 0: ADA }, chosen: [0, 1] })).toBeUndefined();
});

it("says nothing of others on GPUs that were not chosen, or where enough are free", () => {
  expect(ofSft({ gpus: 2, used: { 1: ADA }, chosen: [0] })).toEqual([]);
  expect(ofSft({ gpus: 3, used: { 1: ADA }, count: 2 })).toEqual([]);
});

it("warns that a stage will wait, with the count that is free now", () => {
  const [finding] = ofSft({ gpus: 2, used: { 1: SOMETHING }, count: 2 });
  expect(finding).toMatchObject({
    severity: "warning",
    path: "stages.sft.gpuCount",
    message: expect.stringContaining(
      "2 free GPUs are asked for, and 1 of 2 is free at the moment: GPU 1 already holds 2,900 MiB of others (something else (3 GB))",
    ),
    fix: { label: "Use 1", changes: [{ path: "stages.sft.gpuCount", value: 1 }] },
  });
  const [none] = ofSft({ gpus: 1, used: { 0: ADA } });
  expect(none?.message).toContain("One free GPU is asked for, and none is free at the moment");
  expect(none).not.toHaveProperty("fix");
});

it("takes memory that nobody is named for on a GPU of ours for ours", () => {
  expect(ofSft({ gpus: 1, used: { 0: SOMETHING }, claimed: [0] })).toEqual([]);
  expect(ofSft({ gpus: 1, used: { 0: ADA }, claimed: [0] })).toHaveLength(1);
});

it("says nothing without a fresh reading", () => {
  expect(checkGpus(nodeCheckFacts({ foreignUse: null }))).toEqual({ findings: [], checked: [] });
});
