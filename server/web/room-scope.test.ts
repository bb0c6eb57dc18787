import { describe, expect, it } from "vitest";
import type { FileHint } from "../contracts/sockets";
import { changesFor, hintsFor, type RoomScope, wantsTicksOf, YARD_SCOPE } from "./room-scope";

const node: RoomScope = { nodeIds: ["n1"], runId: null, evaluationId: null, hasTelemetry: true };
const run: RoomScope = { nodeIds: ["n1"], runId: "r1", evaluationId: null, hasTelemetry: true };
const evaluation: RoomScope = { nodeIds: ["n1"], runId: "r1", evaluationId: "e1", hasTelemetry: false };
const none = { nodes: [], runs: [], attempts: [], evaluations: [] };
const hint = (runId: string): FileHint => ({
  runId,
  attemptId: "a1",
  fileId: `file of ${runId}`,
  path: "training.log",
  kind: "log",
  generation: 0,
  offset: 10,
  isComplete: false,
  scalarCount: 0,
  tail: null,
});

describe("what a room is told", () => {
  it("tells the yard of everything, and of nothing when nothing changed", () => {
    const batch = { ...none, nodes: ["n2"], runs: ["r9"] };
    expect(changesFor(YARD_SCOPE, batch)).toEqual(batch);
    expect(changesFor(YARD_SCOPE, none)).toBeNull();
  });

  it("tells a node's room of that node only", () => {
    expect(changesFor(node, { ...none, nodes: ["n2"] })).toBeNull();
    expect(changesFor(node, { ...none, nodes: ["n1", "n2"] })?.nodes).toEqual(["n1"]);
  });

  it("tells a run's room of its run, its attempts and its node", () => {
    const batch = { ...none, nodes: ["n1"], runs: ["r1", "r2"], attempts: ["a1"] };
    expect(changesFor(run, batch)).toEqual({ ...batch, runs: ["r1"] });
    expect(changesFor(run, { ...none, nodes: ["n2"], runs: ["r2"], attempts: ["a2"] })).toBeNull();
    expect(changesFor(run, { ...none, nodes: ["n1"], runs: ["r2"] })).toEqual({ ...none, nodes: ["n1"] });
  });

  it("tells an evaluation's room of that evaluation", () => {
    const batch = { ...none, evaluations: ["e1"] };
    expect(changesFor(evaluation, batch)).toEqual(batch);
    expect(changesFor(evaluation, { ...none, evaluations: ["e2"] })).toBeNull();
  });

  it("hints at files of the room's own run, and never in the yard", () => {
    const hints = [hint("r1"), hint("r2")];
    expect(hintsFor(run, hints)).toEqual([hint("r1")]);
    expect(hintsFor(evaluation, hints)).toEqual([hint("r1")]);
    expect(hintsFor(YARD_SCOPE, hints)).toEqual([]);
    expect(hintsFor(node, hints)).toEqual([]);
  });

  it("sends readings of the room's nodes, and none to an evaluation", () => {
    expect(wantsTicksOf(YARD_SCOPE, "n2")).toBe(true);
    expect(wantsTicksOf(run, "n1")).toBe(true);
    expect(wantsTicksOf(run, "n2")).toBe(false);
    expect(wantsTicksOf(evaluation, "n1")).toBe(false);
  });
});
