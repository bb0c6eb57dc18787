import { expect, test } from "vitest";
import type { NodeFileView } from "@/server/contracts/attempts";
import { logParts } from "./log-parts";

function file(generation: number, offset: number, more: Partial<NodeFileView> = {}): NodeFileView {
  return {
    id: `id-${generation}`,
    attemptId: "a",
    path: "training.log",
    kind: "log",
    generation,
    offset,
    size: offset,
    corruptRecords: 0,
    isComplete: false,
    createdAt: `2026-01-02T0${generation}:00:00.000Z`,
    ...more,
  };
}

test("each generation with bytes is a part, until the next was seen", () => {
  expect(logParts([file(2, 5), file(0, 10)])).toEqual([
    { id: "id-0", number: 1, generation: 0, sizeBytes: 10, endedAt: "2026-01-02T02:00:00.000Z" },
    { id: "id-2", number: 2, generation: 2, sizeBytes: 5, endedAt: null },
  ]);
});

test("a generation without bytes, event files and other logs are no parts of the log", () => {
  const files = [
    file(0, 10),
    file(1, 0),
    file(2, 7, { kind: "events", path: "events.out.tfevents.1" }),
    file(3, 7, { path: "another.log" }),
  ];
  expect(logParts(files).map(({ id }) => id)).toEqual(["id-0"]);
});
