import { describe, expect, it, test } from "vitest";
import type { RunForecast, StageForecast } from "@/server/contracts/forecasts";
import type { Status } from "@/server/contracts/statuses";
import {
  formatCost,
  formatGpuHours,
  lostText,
  pastDetails,
  pastFigures,
  runLeft,
  runSourceText,
  sourceText,
  spentAndExpected,
} from "./prepare-forecast";

const NOW = Date.parse("2026-01-01T00:00:00Z");

function stage(kind: StageForecast["stage"], changes: Partial<StageForecast> = {}): StageForecast {
  return {
    ...{ stage: kind, secondsLeft: null, totalSeconds: null, basis: null, basisCount: 0 },
    ...{ isSameSettings: false, errorShare: null, silentSeconds: null, reason: null },
    ...{ gpuHoursSpent: 0, gpuHoursExpected: null, past: [] },
    ...changes,
  };
}

function run(statuses: [Status, Status, Status], changes: Partial<RunForecast>, status: Status = "running") {
  const kinds = ["sft", "reward", "ppo"] as const;
  const forecast: RunForecast = {
    ...{ asOf: new Date(NOW).toISOString(), secondsLeft: null, gpuHoursSpent: 0, gpuHoursExpected: null },
    ...{ gpuHoursLost: 0, lostAttemptCount: 0, pricePerGpuHour: null, costSpent: null, costExpected: null },
    stages: kinds.map((kind) => stage(kind)),
    ...changes,
  };
  return {
    status,
    forecast,
    stages: kinds.map((kind, index) => ({ kind, status: statuses[index] ?? "queued" })),
  };
}

describe("what is left", () => {
  it("is the run's, and falls between two answers of the server", () => {
    const going = run(["running", "queued", "queued"], { secondsLeft: 90 });
    expect(runLeft(going, NOW + 30_000)).toEqual({ seconds: 60, of: "run" });
    expect(runLeft(going, NOW + 300_000)).toEqual({ seconds: 0, of: "run" });
  });

  it("is the working stages' where a later one cannot be told", () => {
    const stages = [stage("sft", { secondsLeft: 50 }), stage("reward", { secondsLeft: 70 }), stage("ppo")];
    expect(runLeft(run(["running", "running", "queued"], { stages }), NOW)).toEqual({
      seconds: 70,
      of: "stage",
    });
  });

  it.each([
    [["queued", "queued", "queued"], "queued"],
    [["succeeded", "succeeded", "succeeded"], "succeeded"],
    [["running", "queued", "queued"], "running"],
  ] as const)("is nothing of %j", (statuses, status) => {
    const seconds = status === "running" ? null : 90;
    expect(runLeft(run([...statuses], { secondsLeft: seconds }, status), NOW)).toBeNull();
  });
});

test.each([
  [{ basis: "steps", basisCount: 200 }, "from the last 200 steps of this stage"],
  [{ basis: "own", basisCount: 3, isSameSettings: true }, "from 3 finished runs with the same settings"],
  [{ basis: "own", basisCount: 1 }, "from one finished run with other settings, in proportion"],
  [{ basis: "published", errorShare: 0.2 }, "from DeepSpeed-Chat's published figures, ±20 % or more"],
  [{}, null],
] as const)("the source of %j", (changes, text) => {
  expect(sourceText(stage("sft", changes))).toBe(text);
});

test("a run names the source of each stage that is open, or why there is none", () => {
  const stages = [
    stage("sft", { basis: "actual" }),
    stage("reward", { basis: "steps", basisCount: 40 }),
    stage("ppo", { reason: "The first finished run of this model here will tell." }),
  ];
  expect(runSourceText(run(["succeeded", "running", "queued"], { stages }))).toBe(
    "Reward model: from the last 40 steps of this stage\nRLHF, PPO: The first finished run of this model here will tell.",
  );
});

test("a finished stage says what was estimated and what it took", () => {
  const done = stage("sft", {
    ...{ totalSeconds: 2580, basis: "actual" },
    past: [
      { step: 0, seconds: 3000, basis: "published" },
      { step: 20, seconds: 2460, basis: "steps" },
      { step: 200, seconds: 2600, basis: "steps" },
    ],
  });
  expect(pastFigures(done)).toEqual({ estimated: "41 min", step: 20, took: "43 min" });
  expect(pastDetails(done)).toBe(
    "by published figures: 50 min (+16 %)\nat step 20: 41 min (−4.7 %)\nat step 200: 43 min 20 s (+0.8 %)",
  );
  const short = { ...done, totalSeconds: 34, past: [{ step: 0, seconds: 31, basis: "own" } as const] };
  expect(pastFigures(short)).toEqual({ estimated: "31 s", step: 0, took: "34 s" });
  expect(pastFigures(stage("sft"))).toBeNull();
});

test.each([
  [0.8, 2.41, "0.8 → 2.4"],
  [2.4, 2.41, "2.4"],
  [0.8, null, "0.8"],
  [0, 2.41, "2.4"],
  [2.4, 1, "2.4"],
])("%d spent of %d reads %s", (spent, expected, text) => {
  expect(spentAndExpected(spent, expected, formatGpuHours)).toBe(text);
});

test("small costs keep a figure that tells", () => {
  expect([0.0042, 0, 1.316, 1620].map(formatCost)).toEqual(["0.004", "0.00", "1.32", "1,620"]);
});

test("attempts that did not succeed are named", () => {
  const { forecast } = run(["failed", "queued", "queued"], { gpuHoursLost: 0.3, lostAttemptCount: 1 });
  expect(lostText(forecast)).toBe("0.3 of it in 1 attempt that did not succeed");
  expect(lostText({ ...forecast, lostAttemptCount: 0 })).toBeNull();
});
