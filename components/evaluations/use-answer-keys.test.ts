import { describe, expect, test } from "vitest";
import { nextPlace } from "./use-answer-keys";

const DOWN = [1, 0] as const;
const UP = [-1, 0] as const;
const LEFT = [0, -1] as const;
const RIGHT = [0, 1] as const;
const grid = { promptOrder: [4, 0, 2], columnCount: 2 };
const at = (promptIndex: number, column: number) => ({ ...grid, current: { promptIndex, column } });

describe("a step from cell to cell", () => {
  test.each([
    ["follows the order that is shown", at(4, 1), DOWN, { promptIndex: 0, column: 1 }],
    ["goes back up", at(2, 0), UP, { promptIndex: 0, column: 0 }],
    ["stops at the last row", at(2, 0), DOWN, { promptIndex: 2, column: 0 }],
    ["stops at the first row", at(4, 1), UP, { promptIndex: 4, column: 1 }],
    ["stops at the first column", at(0, 0), LEFT, { promptIndex: 0, column: 0 }],
    ["stops at the last column", at(0, 1), RIGHT, { promptIndex: 0, column: 1 }],
  ])("%s", (_what, from, step, expected) => {
    expect(nextPlace(from, step)).toEqual(expected);
  });

  test("begins at the first cell, also when the chosen row is filtered away", () => {
    expect(nextPlace({ ...grid, current: null }, DOWN)).toEqual({ promptIndex: 4, column: 0 });
    expect(nextPlace(at(1, 1), RIGHT)).toEqual({ promptIndex: 4, column: 0 });
  });

  test("leads nowhere when no row is shown", () => {
    expect(nextPlace({ promptOrder: [], columnCount: 2, current: null }, DOWN)).toBeNull();
  });
});
