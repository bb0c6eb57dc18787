import { expect, test } from "vitest";
import { gpuColumns } from "./prepare-gpu-history";

const samples = {
  from: "1970-01-01T00:00:00.000Z",
  to: "1970-01-01T00:01:00.000Z",
  bucketSeconds: 1,
  times: [10_000, 11_000, 20_000],
  gpus: [{ uuid: "a", values: { utilizationGpuPercent: [10, null, 30] } }],
};

test("times count from the start of the attempt, values in the unit asked for, and a hole is a gap for every GPU", () => {
  expect(gpuColumns(samples, { field: "utilizationGpuPercent", divisor: 2 }, ["a", "b"], 10_000)).toEqual([
    [0, 1, 5.5, 10],
    [5, null, null, 15],
    [null, null, null, null],
  ]);
});
