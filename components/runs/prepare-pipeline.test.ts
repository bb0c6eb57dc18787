import { expect, test } from "vitest";
import type { StageView } from "@/server/contracts/runs";
import type { Status } from "@/server/contracts/statuses";
import { canRetry, gateOf, gpuHours, stageOfInterest } from "./prepare-pipeline";

function stages(sft: Status, reward: Status, ppo: Status): StageView[] {
  return (["sft", "reward", "ppo"] as const).map((kind, index) => ({
    id: kind,
    kind,
    status: [sft, reward, ppo][index] ?? "queued",
    reason: null,
    gpuUuids: [],
    gpuCount: 1,
    startedAt: null,
    endedAt: null,
    progress: null,
    stepsDone: null,
    stepsTotal: null,
    headline: null,
    attempts: [],
  }));
}

test.each([
  [["running", "queued", "queued"], "sft"],
  [["running", "running", "queued"], "sft"],
  [["succeeded", "running", "queued"], "reward"],
  [["failed", "running", "queued"], "sft"],
  [["succeeded", "succeeded", "succeeded"], "ppo"],
  [["succeeded", "succeeded", "cancelled"], "reward"],
  [["queued", "queued", "queued"], "sft"],
] as const)("of %j the page opens with %s", ([sft, reward, ppo], kind) => {
  expect(stageOfInterest(stages(sft, reward, ppo))).toBe(kind);
});

test("the gate opens when both have succeeded and closes when one cannot any more", () => {
  expect(gateOf(stages("succeeded", "succeeded", "queued")).state).toBe("open");
  expect(gateOf(stages("succeeded", "running", "queued")).state).toBe("waiting");
  expect(gateOf(stages("failed", "running", "queued"))).toMatchObject({
    state: "closed",
    inputs: [
      { name: "actor", text: "failed" },
      { name: "reward model", text: "not yet" },
    ],
  });
});

test("only what ended without success can be tried again", () => {
  expect((["failed", "interrupted", "cancelled"] as const).every((status) => canRetry({ status }))).toBe(
    true,
  );
  expect((["succeeded", "running", "queued"] as const).some((status) => canRetry({ status }))).toBe(false);
});

test("GPU hours count every attempt by its GPUs, and nothing before the first", () => {
  expect(gpuHours({ stages: stages("queued", "queued", "queued") }, 0)).toBeNull();
});
