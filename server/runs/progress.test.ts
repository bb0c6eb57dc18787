import { describe, expect, it } from "vitest";
import { progressOf } from "./progress";

const startedAt = new Date("2026-01-01T00:00:00Z");
const now = new Date("2026-01-01T00:01:40Z");
const of = (changes: object) =>
  progressOf({ status: "running", stepsDone: 25, stepsTotal: 100, startedAt, now, ...changes });

describe("progress", () => {
  it("tells the share and the time left at the pace so far", () => {
    expect(of({})).toEqual({ progress: 0.25, etaSeconds: 300 });
  });
  it.each([
    [
      { status: "succeeded", stepsDone: null },
      { progress: 1, etaSeconds: null },
    ],
    [{ stepsDone: 0 }, { progress: 0, etaSeconds: null }],
    [{ stepsTotal: null }, { progress: null, etaSeconds: null }],
    [{ stepsTotal: 0 }, { progress: null, etaSeconds: null }],
    [{ status: "failed" }, { progress: 0.25, etaSeconds: null }],
    [{ stepsDone: 120 }, { progress: 1, etaSeconds: 0 }],
  ])("%j", (changes, wanted) => {
    expect(of(changes)).toEqual(wanted);
  });
});
