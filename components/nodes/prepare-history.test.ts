import { expect, test } from "vitest";
import { niceCeiling, prepareHistory, rowAt } from "./prepare-history";

const samples = {
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-01-01T00:00:40.000Z",
  bucketSeconds: 1,
  times: [0, 1000, 2000, 9000].map((ms) => Date.parse("2026-01-01T00:00:00Z") + ms),
  gpus: [
    { uuid: "b", values: { powerDrawW: [1, null, 3, 4] } },
    { uuid: "a", values: { powerDrawW: [50, 83, 70, 60] } },
  ],
};

test("columns follow the asked order, and a null stays a gap", () => {
  const { rows } = prepareHistory(samples, "powerDrawW", ["a", "b"]);
  expect(rows[1]).toMatchObject({ "0": 83, "1": null });
});

test("a hole in time becomes a row of nulls, so that no line crosses it", () => {
  const { rows } = prepareHistory(samples, "powerDrawW", ["a"]);
  expect(rows).toHaveLength(5);
  expect(rows[3]).toMatchObject({ "0": null });
});

test("the axis begins at 0 and ends at a round value that holds everything", () => {
  expect(prepareHistory(samples, "powerDrawW", ["a"]).valueTicks).toEqual([0, 50, 100]);
  expect(prepareHistory(samples, "powerDrawW", ["a"], 165).max).toBe(200);
  expect([0, 83, 23052, 100].map(niceCeiling)).toEqual([1, 100, 24000, 100]);
});

test("the cursor takes the nearest row, and none across a hole", () => {
  const history = prepareHistory(samples, "powerDrawW", ["a"]);
  const start = Date.parse(samples.from);
  expect(rowAt(history, start + 1100, 1)?.["0"]).toBe(83);
  expect(rowAt(history, start + 30_000, 1)).toBeNull();
});
