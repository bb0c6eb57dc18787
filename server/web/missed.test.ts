import { expect, it } from "vitest";
import type { FileHint } from "../contracts/sockets";
import { missChanges, missHints, nothingMissed } from "./missed";

const hint = (offset: number, scalarCount: number): FileHint => ({
  runId: "r",
  attemptId: "a",
  fileId: "f",
  path: "training.log",
  kind: "log",
  generation: 0,
  offset,
  isComplete: false,
  scalarCount,
  tail: { offset: offset - 1, bytes: Buffer.from("x") },
});

it("keeps one hint a file, the newest without its bytes, and counts the scalars of all", () => {
  const missed = nothingMissed();
  missHints(missed, [hint(10, 1), hint(20, 2)]);
  missHints(missed, [hint(30, 4)]);
  expect([...missed.hints.values()]).toEqual([{ ...hint(30, 7), tail: null }]);
});

it("joins changes into one batch without doubles", () => {
  const missed = nothingMissed();
  missChanges(missed, { nodes: ["n"], runs: [], attempts: ["a"], evaluations: [] });
  missChanges(missed, { nodes: ["n"], runs: ["r"], attempts: ["b"], evaluations: [] });
  expect(missed.changes).toEqual({ nodes: ["n"], runs: ["r"], attempts: ["a", "b"], evaluations: [] });
});
