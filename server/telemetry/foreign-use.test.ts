import { expect, it } from "vitest";
import { type GpuProcess, TELEMETRY_FIELDS } from "../contracts/telemetry";
import { foreignUse } from "./foreign-use";

const OURS = "5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01";

function tickOf(usedMiB: (number | null)[]) {
  return {
    gpuUuids: usedMiB.map((_, index) => `G${index}`),
    values: TELEMETRY_FIELDS.map((field) => usedMiB.map((used) => (field === "memoryUsedMiB" ? used : 1))),
  };
}
function process(pid: number, memoryMiB: number | null, changes: Partial<GpuProcess> = {}): GpuProcess {
  return { pid, name: "python3", user: "ada", memoryMiB, gpuUuid: "G0", attemptId: null, ...changes };
}
const textOf = (...parameters: Parameters<typeof foreignUse>) =>
  Object.fromEntries([...foreignUse(...parameters)].map(([uuid, { by }]) => [uuid, by]));

it("names the processes of others, the largest first", () => {
  const others = [process(7, 2_000, { user: null }), process(123, 40_054), process(9, 1_500)];
  expect(textOf(tickOf([43_554, 0]), others)).toEqual({
    G0: "pid 123 of ada (42 GB) and pid 7 (2 GB) and 1 more",
  });
});

it("tells how much they hold, and the programs that do", () => {
  const others = [process(7, 2_000), process(8, 3_000), process(9, 500, { name: "jupyter" })];
  expect(foreignUse(tickOf([6_000]), others).get("G0")).toMatchObject({
    memoryMiB: 5_500,
    programs: ["python3", "jupyter"],
  });
});

it("leaves our own attempts, small contexts and display servers alone", () => {
  const processes = [process(1, 20_000, { attemptId: OURS }), process(2, 300)];
  expect(textOf(tickOf([20_300, 900]), processes)).toEqual({});
});

it("sees memory whose process the node does not show", () => {
  expect([...foreignUse(tickOf([30_000]), [])]).toEqual([
    ["G0", { by: "something else (31 GB)", isNamed: false, memoryMiB: 30_000, programs: [] }],
  ]);
  const unknown = [process(5, null, { attemptId: OURS })];
  expect(textOf(tickOf([30_000]), unknown)).toEqual({ G0: "something else (31 GB)" });
});

it("concludes nothing from a reading without memory", () => {
  expect(textOf(tickOf([null]), [])).toEqual({});
});
