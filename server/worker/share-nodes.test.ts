import { expect, test } from "vitest";
import { type SharedNode, shareNodes } from "./share-nodes";

const nodesOf = (states: string): SharedNode[] =>
  [...states].map((state, index) => ({ id: String(index), isOurs: state === "o", isFree: state === "f" }));

test.each([
  { nodes: "fffff", workers: 1, take: ["0", "1", "2", "3", "4"], release: [], why: "alone: all of them" },
  { nodes: "fffff", workers: 2, take: ["0", "1", "2"], release: [], why: "no more than a share" },
  { nodes: "ooxxf", workers: 2, take: ["4"], release: [], why: "room for one more" },
  { nodes: "oooxf", workers: 2, take: [], release: [], why: "a whole share" },
  { nodes: "ooooo", workers: 2, take: [], release: ["4", "3"], why: "a worker joined: the newest go" },
  { nodes: "o", workers: 2, take: [], release: [], why: "one node, two workers" },
  { nodes: "f", workers: 2, take: ["0"], release: [], why: "one free node: who asks first" },
  { nodes: "", workers: 3, take: [], release: [], why: "no nodes" },
  { nodes: "ff", workers: 0, take: ["0", "1"], release: [], why: "not even our own row is there yet" },
])("$why", ({ nodes, workers, take, release }) => {
  expect(shareNodes(nodesOf(nodes), workers)).toEqual({ take, release });
});

test.each([
  [1, 1],
  [7, 2],
  [50, 3],
  [100, 7],
])("%i nodes have a place with %i workers", (nodes, workers) => {
  const most = shareNodes(nodesOf("f".repeat(nodes)), workers).take.length;
  expect(most * workers).toBeGreaterThanOrEqual(nodes);
});
