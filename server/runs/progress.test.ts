import { expect, it } from "vitest";
import { type ProgressInput, progressOf } from "./progress";

it.each([
  [{}, 0.25],
  [{ status: "succeeded", stepsDone: null }, 1],
  [{ stepsDone: 0 }, 0],
  [{ stepsTotal: null }, null],
  [{ stepsTotal: 0 }, null],
  [{ status: "failed" }, 0.25],
  [{ stepsDone: 120 }, 1],
])("the progress of %j", (changes, wanted) => {
  expect(progressOf({ status: "running", stepsDone: 25, stepsTotal: 100, ...changes } as ProgressInput)).toBe(
    wanted,
  );
});
