import { expect, test } from "vitest";
import { CELL, cellAt, layoutWall } from "./prepare-wall";

const nodes = Array.from({ length: 5 }, (_, index) => ({
  id: String(index),
  gpuCount: index === 1 ? 10 : 8,
}));

test("every GPU gets one cell, and no two overlap", () => {
  const { cells } = layoutWall(nodes, 500);
  expect(cells).toHaveLength(42);
  const corners = new Set(cells.map(({ x, y }) => `${x},${y}`));
  expect(corners.size).toBe(42);
});

test("blocks wrap at the width, and a tall block pushes the next row down", () => {
  const { labels, cells, height } = layoutWall(nodes, 500);
  expect(labels.map(({ x }) => x)).toEqual([0, 204, 0, 204, 0]);
  const bottomOfFirstRow = Math.max(...cells.filter((cell) => cell.nodeIndex < 2).map(({ y }) => y + CELL));
  expect(labels[2]?.y).toBeGreaterThan(bottomOfFirstRow);
  expect(height).toBeGreaterThan(Math.max(...cells.map(({ y }) => y + CELL)));
});

test("a point finds its cell, the gap between cells finds none", () => {
  const layout = layoutWall(nodes, 500);
  expect(cellAt(layout, 25, 21)).toMatchObject({ nodeIndex: 0, gpuIndex: 1 });
  expect(cellAt(layout, 22, 21)).toBeNull();
});

test("one column is left on a very narrow screen", () => {
  expect(layoutWall(nodes, 10).labels.map(({ x }) => x)).toEqual([0, 0, 0, 0, 0]);
});
