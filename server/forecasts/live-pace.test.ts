import { describe, expect, it, test } from "vitest";
import {
  measurePace,
  type StepMark,
  secondsFromMark,
  secondsLeft,
  silenceLimitSeconds,
  stepsUntilKnown,
  wantedSteps,
} from "./live-pace";

/** Marks of steps 1 … count; `secondsOf` says how long each step takes. */
function run(count: number, secondsOf: (step: number) => number): StepMark[] {
  let atSeconds = 1000;
  return Array.from({ length: count }, (_, index) => {
    atSeconds += secondsOf(index + 1);
    return { step: index + 1, atSeconds };
  });
}

function at(marks: readonly StepMark[], stepsTotal: number, epochs = 1) {
  const place = { stepsDone: marks.at(-1)?.step ?? 0, stepsTotal, epochs };
  return { place, pace: measurePace(marks, place) };
}

/** Seconds left at the last mark. */
function left(marks: readonly StepMark[], stepsTotal: number, epochs = 1, tailSeconds: number | null = 0) {
  const { place, pace } = at(marks, stepsTotal, epochs);
  return pace && secondsFromMark(pace, place, tailSeconds);
}

describe("the time left by the steps so far", () => {
  it.each([20, 21, 50, 210, 999, 1000])("is exact for constant steps, after %d of 1,000", (done) => {
    expect(
      left(
        run(done, () => 3),
        1000,
      ),
    ).toBeCloseTo((1000 - done) * 3, 6);
  });

  it("begins at 20 steps, in a short stage at half of them", () => {
    expect(
      left(
        run(19, () => 3),
        1000,
      ),
    ).toBeNull();
    expect(
      left(
        run(5, () => 3),
        10,
      ),
    ).toBeCloseTo(15);
    expect([10, 39, 40, 1000, 1].map(stepsUntilKnown)).toEqual([5, 20, 20, 20, 2]);
  });

  it.each([
    ["ten slow steps", (step: number) => (step <= 10 ? 40 : 2)],
    ["one compilation of ten minutes", (step: number) => (step === 1 ? 600 : 2)],
    ["another one within what is measured", (step: number) => (step === 14 ? 600 : 2)],
    ["steps that get faster", (step: number) => Math.max(2, 12 - step)],
  ])("is not misled by a slow start: %s", (_what, secondsOf) => {
    expect(left(run(20, secondsOf), 1000)).toBeCloseTo(980 * 2, 6);
  });

  it("is the mean of uneven steps", () => {
    const marks = run(400, (step) => (step % 2 === 0 ? 1 : 2));
    expect(left(marks, 1000)).toBeCloseTo(600 * 1.5, 6);
  });

  it("follows a change of pace within 200 steps", () => {
    expect(
      left(
        run(500, (step) => (step <= 300 ? 1 : 4)),
        1000,
      ),
    ).toBeCloseTo(500 * 4, 6);
  });

  it("expects the evaluation at the end of each epoch again, and once more at the end", () => {
    const marks = run(250, (step) => (step % 100 === 1 && step > 1 ? 62 : 2));
    expect(at(marks, 1000, 10).pace?.evaluationSeconds).toBeCloseTo(60);
    expect(left(marks, 1000, 10, null)).toBeCloseTo(750 * 2 + 7 * 60 + 60);
    expect(left(marks, 1000, 10, 90)).toBeCloseTo(750 * 2 + 7 * 60 + 90);
  });

  it("knows an evaluation long after it, by the marks around the epoch's end", () => {
    const marks = run(900, (step) => (step === 501 ? 302 : 2));
    const place = { stepsDone: 900, stepsTotal: 1500, epochs: 3 };
    const wanted = wantedSteps(place);
    const seen = marks.filter(({ step }) => wanted.some(([from, to]) => step >= from && step <= to));
    expect(seen.length).toBeLessThan(210);
    const pace = measurePace(seen, place);
    expect(pace?.evaluationSeconds).toBeCloseTo(300);
    expect(pace && secondsFromMark(pace, place, 0)).toBeCloseTo(600 * 2 + 300);
  });

  it("expects pauses that come again, and none that came once or twice", () => {
    const saving = run(200, (step) => (step % 50 === 0 ? 32 : 2));
    expect(left(saving, 1000)).toBeCloseTo(800 * (2 + (4 * 30) / 190), 6);
    const once = run(200, (step) => (step === 90 ? 900 : 2));
    expect(left(once, 1000)).toBeCloseTo(800 * 2, 6);
  });

  it("takes lines that arrived together as one mark", () => {
    const together = run(200, () => 0.3).map(({ step, atSeconds }) => ({
      step,
      atSeconds: Math.ceil(atSeconds / 2) * 2,
    }));
    expect((left(together, 1000) ?? 0) / (800 * 0.3)).toBeCloseTo(1, 1);
  });

  it("leaves out where the clock went back, and marks without a time", () => {
    const marks = run(100, () => 2).map((mark) => ({
      ...mark,
      atSeconds: mark.step === 40 ? Number.NaN : mark.atSeconds - (mark.step > 60 ? 3600 : 0),
    }));
    expect(left(marks, 1000)).toBeCloseTo(900 * 2, 6);
  });

  it("is unknown when every step has the same time", () => {
    expect(
      left(
        run(100, () => 0),
        1000,
      ),
    ).toBeNull();
  });
});

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("whatever the steps", () => {
  const random = generator(20_261_124);
  const runs = Array.from({ length: 300 }, () => {
    const mean = 10 ** (random() * 4 - 2);
    const total = 60 + Math.floor(random() * 1500);
    const slow = Math.floor(random() * 10);
    const marks = run(total, (step) => (step <= slow ? 30 : 1) * mean * (0.7 + 0.6 * random()));
    return { marks, total };
  });

  test("the error is below a fifth from step 20 and below a tenth from the middle", () => {
    for (const { marks, total } of runs) {
      const errorAt = (done: number) => {
        const rest = (marks[total - 1]?.atSeconds ?? 0) - (marks[done - 1]?.atSeconds ?? 0);
        return Math.abs((left(marks.slice(0, done), total) ?? 0) / rest - 1);
      };
      expect(errorAt(20)).toBeLessThan(0.2);
      expect(errorAt(Math.floor(total / 2))).toBeLessThan(0.1);
    }
  });

  test("while the next step is awaited the time left falls, by no more than passed, and never below the steps after it", () => {
    for (const { marks, total } of runs) {
      const { place, pace } = at(marks.slice(0, 40), total);
      if (pace === null) throw new Error("40 steps are enough");
      const told = [0, 0.5, 1, 2, 50].map((steps) =>
        secondsLeft(pace, place, { sinceMarkSeconds: steps * pace.secondsPerStep, tailSeconds: 0 }),
      );
      for (let i = 1; i < told.length; i += 1) expect(told[i]).toBeLessThanOrEqual(told[i - 1] ?? 0);
      const after = secondsFromMark(pace, { ...place, stepsDone: 41 }, 0);
      expect(told.at(-1)).toBeCloseTo(after, 6);
    }
  });
});

describe("a stage that is silent", () => {
  const { pace } = at(
    run(100, () => 2),
    1000,
    10,
  );
  const limit = (stepsDone: number, tail: number | null = null) =>
    silenceLimitSeconds(pace, { stepsDone, stepsTotal: 1000, epochs: 10 }, tail);

  it("is so after a minute or ten steps, later at the end of an epoch", () => {
    expect(limit(150)).toBe(60);
    expect(limit(200)).toBe(600);
    expect(limit(1000, 400)).toBe(1200);
    const slow = at(
      run(100, () => 30),
      1000,
      10,
    );
    expect(silenceLimitSeconds(slow.pace, { ...slow.place, stepsDone: 150 }, null)).toBe(300);
  });

  it("is so later where pauses are long", () => {
    const saving = at(
      run(195, (step) => (step % 50 === 0 ? 120 : 2)),
      1000,
    );
    expect(silenceLimitSeconds(saving.pace, saving.place, null)).toBe(360);
  });
});
