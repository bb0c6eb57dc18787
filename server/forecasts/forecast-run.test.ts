import { describe, expect, it } from "vitest";
import type { StageKind, Status } from "../contracts/statuses";
import { forecastRun, type RunStageFacts } from "./forecast-run";
import { type AttemptFacts, forecastStage, type Prior, type StepFacts } from "./forecast-stage";

const NOW = new Date("2026-01-01T00:00:00Z");
const nowSeconds = NOW.getTime() / 1000;
const NO_PRIOR: Prior = { time: null, reason: "Nothing is known.", tailSeconds: null };

function prior(seconds: number, changes: Partial<Prior> = {}): Prior {
  const time = { seconds, basis: "own", runCount: 3, isSameSettings: true } as const;
  return { time, reason: null, tailSeconds: 0, ...changes };
}

/** `elapsed` seconds ago, and still going on unless `took` is given. */
function attempt(elapsed: number, changes: Partial<AttemptFacts> & { took?: number } = {}): AttemptFacts {
  const { took, ...rest } = changes;
  const startedSeconds = nowSeconds - elapsed;
  return {
    ...{ status: took === undefined ? "running" : "succeeded", gpuCount: 2, startedSeconds },
    endedSeconds: took === undefined ? null : startedSeconds + took,
    ...rest,
  };
}

/** Steps 1 … count, `seconds` each, the last one now. */
function steps(count: number, seconds: number, changes: Partial<StepFacts> = {}): StepFacts {
  const marks = Array.from({ length: count }, (_, index) => ({
    ...{ step: index + 1, atSeconds: nowSeconds - (count - index - 1) * seconds },
  }));
  return { marks, arrivedSeconds: nowSeconds, seenSeconds: nowSeconds, ...changes };
}

function stage(kind: StageKind, status: Status, changes: Partial<RunStageFacts> = {}): RunStageFacts {
  return {
    ...{ kind, status, canStart: true, gpuCount: 2, gpuUuids: [], stepsDone: null, stepsTotal: null },
    ...{ epochs: 1, attempts: [], steps: { marks: [], arrivedSeconds: null, seenSeconds: null } },
    prior: NO_PRIOR,
    ...changes,
  };
}

const running = (kind: StageKind, done: number, changes: Partial<RunStageFacts> = {}) =>
  stage(kind, "running", {
    ...{ stepsDone: done, stepsTotal: 100, attempts: [attempt(300)], steps: steps(done, 2) },
    ...{ prior: prior(400), ...changes },
  });

describe("one stage", () => {
  it("goes by finished runs before step 20 and by its own steps from then on", () => {
    const before = forecastStage(running("sft", 19), nowSeconds);
    expect(before).toMatchObject({ basis: "own", basisCount: 3, isSameSettings: true, secondsLeft: 100 });
    const after = forecastStage(running("sft", 20), nowSeconds);
    expect(after).toMatchObject({ basis: "steps", basisCount: 10 });
    expect(after.secondsLeft).toBeCloseTo(160);
    expect(after.totalSeconds).toBeCloseTo(460);
    expect(after.gpuHoursSpent).toBeCloseTo((300 * 2) / 3600);
    expect(after.gpuHoursExpected).toBeCloseTo((460 * 2) / 3600);
  });

  it("says so when it takes longer than was estimated, or when nothing was", () => {
    const late = running("sft", 3, { attempts: [attempt(500)] });
    expect(forecastStage(late, nowSeconds)).toMatchObject({ secondsLeft: null, gpuHoursExpected: null });
    expect(forecastStage(late, nowSeconds).reason).toContain("longer than was estimated");
    const unknown = forecastStage(running("sft", 3, { prior: NO_PRIOR }), nowSeconds);
    expect(unknown.reason).toBe("Not known yet: its own steps will tell from step 20 on.");
  });

  it("says how long there was no step instead of a time that falls", () => {
    const silent = (silence: number, seenSeconds: number | null = nowSeconds) =>
      forecastStage(
        running("sft", 50, { steps: steps(50, 2, { arrivedSeconds: nowSeconds - silence, seenSeconds }) }),
        nowSeconds,
      );
    expect(silent(50)).toMatchObject({ silentSeconds: null, basis: "steps" });
    expect(silent(50).secondsLeft).toBeCloseTo(98);
    expect(silent(240)).toMatchObject({ silentSeconds: 240, secondsLeft: null, gpuHoursExpected: null });
    // The node was last seen right after the step: nobody knows what happened since.
    expect(silent(240, nowSeconds - 235).silentSeconds).toBeNull();
    expect(silent(240, null).silentSeconds).toBe(240);
  });

  it("does not know the rest once all steps are done and no such rest was ever timed", () => {
    const saving = (tailSeconds: number | null) =>
      forecastStage(running("sft", 100, { prior: prior(400, { tailSeconds }) }), nowSeconds);
    expect(saving(null).reason).toContain("evaluating and saving");
    expect(saving(12).secondsLeft).toBeCloseTo(12);
  });

  it("takes a published time with its error", () => {
    const time = { seconds: 400, basis: "published", runCount: 0, isSameSettings: false } as const;
    const told = forecastStage(stage("ppo", "queued", { prior: prior(0, { time }) }), nowSeconds);
    expect(told).toMatchObject({ secondsLeft: 400, basis: "published", errorShare: 0.2 });
  });

  it.each(["succeeded", "failed", "cancelled", "interrupted"] as const)(
    "that has %s has taken what it took",
    (status) => {
      const ended = stage("sft", status, {
        attempts: [attempt(900, { took: 600, status })],
        prior: prior(99),
      });
      const told = forecastStage(ended, nowSeconds);
      expect(told).toMatchObject({ basis: "actual", totalSeconds: 600, secondsLeft: null });
      expect(told.gpuHoursExpected).toBeCloseTo(told.gpuHoursSpent);
      expect(told.gpuHoursSpent).toBeCloseTo(1200 / 3600);
    },
  );
});

describe("a run", () => {
  const of = (
    stages: RunStageFacts[],
    changes: { nodeGpuCount?: number; pricePerGpuHour?: number | null } = {},
  ) => forecastRun({ stages, nodeGpuCount: 4, pricePerGpuHour: null, ...changes }, NOW);
  const queued = (kind: StageKind, seconds: number, changes: Partial<RunStageFacts> = {}) =>
    stage(kind, "queued", { prior: prior(seconds), ...changes });

  it("takes the longer of two stages side by side, and costs both", () => {
    const run = of([queued("sft", 600), queued("reward", 200), queued("ppo", 1000)], { pricePerGpuHour: 2 });
    expect(run.secondsLeft).toBe(1600);
    expect(run.gpuHoursSpent).toBe(0);
    expect(run.costExpected).toBeCloseTo((1800 / 3600) * 2 * 2);
  });

  it("takes them one after the other where their GPUs do not suffice", () => {
    const stages = [queued("sft", 600), queued("reward", 200), queued("ppo", 1000)];
    expect(of(stages, { nodeGpuCount: 2 }).secondsLeft).toBe(1800);
    const named = ["GPU-0", "GPU-1"];
    const chosen = (gpuUuids: string[]) =>
      of([queued("sft", 600, { gpuUuids: named }), queued("reward", 200, { gpuUuids }), queued("ppo", 1000)]);
    expect(chosen(["GPU-1", "GPU-2"]).secondsLeft).toBe(1800);
    expect(chosen(["GPU-2", "GPU-3"]).secondsLeft).toBe(1600);
    expect(
      of([running("sft", 20), queued("reward", 200), queued("ppo", 10)], { nodeGpuCount: 2 }).secondsLeft,
    ).toBeCloseTo(370);
    // Both have their GPUs, whatever the node has by now.
    expect(
      of([running("sft", 20), running("reward", 60), queued("ppo", 10)], { nodeGpuCount: 2 }).secondsLeft,
    ).toBeCloseTo(170);
  });

  it("does not bill what waits, and bills every attempt", () => {
    const failed = attempt(9000, { took: 1800, status: "failed" });
    const stages = [
      stage("sft", "queued", { attempts: [failed], prior: prior(3600) }),
      stage("reward", "succeeded", { attempts: [attempt(8000, { took: 3600, gpuCount: 1 })] }),
      queued("ppo", 3600),
    ];
    const run = of(stages, { pricePerGpuHour: 3 });
    expect(run).toMatchObject({ gpuHoursSpent: 2, gpuHoursLost: 1, lostAttemptCount: 1, costSpent: 6 });
    expect(run.gpuHoursExpected).toBeCloseTo(2 + 2 + 2);
    expect(run.secondsLeft).toBe(7200);
    expect(
      forecastRun({ stages, nodeGpuCount: 4, pricePerGpuHour: 3 }, new Date(NOW.getTime() + 3_600_000))
        .costSpent,
    ).toBe(6);
  });

  it("cannot tell the whole while one stage cannot, and leaves out what will not start", () => {
    const ppo = stage("ppo", "queued");
    expect(of([running("sft", 20), running("reward", 20), ppo])).toMatchObject({
      secondsLeft: null,
      gpuHoursExpected: null,
      costSpent: null,
    });
    const failed = stage("sft", "failed", { attempts: [attempt(900, { took: 600, status: "failed" })] });
    const run = of([failed, running("reward", 20), { ...ppo, canStart: false }]);
    expect(run.secondsLeft).toBeCloseTo(160);
    expect(run.gpuHoursExpected).toBeCloseTo((1200 + 920) / 3600);
  });

  it("has nothing left once all stages have ended", () => {
    const done = (kind: StageKind) => stage(kind, "succeeded", { attempts: [attempt(900, { took: 600 })] });
    const run = of([done("sft"), done("reward"), done("ppo")]);
    expect(run.secondsLeft).toBeNull();
    expect(run.gpuHoursExpected).toBeCloseTo(run.gpuHoursSpent);
  });
});
