import { expect, it } from "vitest";
import { eventProgress, mergeProgress } from "./merge-progress";

const group = (sourceTag: string, steps: number[]) => ({
  tag: "lr",
  sourceTag,
  steps,
  length: steps.length,
  values: steps,
  wallTimes: steps,
  offsets: steps,
});
const REWARD = "tensorboard/ds_tensorboard_logs/step2_model_tensorboard/events.out.tfevents.1.node.7.0";

it("takes the furthest step that the engine of the reward model wrote", () => {
  expect(eventProgress(REWARD, [group("Train/Samples/lr", [4, 5, 6])])).toEqual({
    stepsDone: 6,
    stepsTotal: null,
  });
});

it.each([
  ["other tags", REWARD, "reward"],
  ["PPO's engines", "ds_tensorboard_logs/step3_actor_tensorboard/events.out.tfevents.1", "Train/Samples/lr"],
])("knows nothing from %s", (_name, path, tag) => {
  expect(eventProgress(path, [group(tag, [9])])).toBeNull();
});

it.each([
  ["the log's total and the event file's step", [0, 12], [6, null], [6, 12]],
  ["the log's step when it is further", [12, 12], [11, null], [12, 12]],
  ["a step alone", [null, null], [3, null], [3, null]],
] as const)("merges to %s", (_name, log, events, merged) => {
  const progress = ([stepsDone, stepsTotal]: readonly [number | null, number | null]) => ({
    stepsDone,
    stepsTotal,
  });
  expect(mergeProgress(progress(log), progress(events))).toEqual(progress(merged));
  expect(mergeProgress(progress(events), progress(log))).toEqual(progress(merged));
});

it("keeps the one that there is", () => {
  expect(mergeProgress(null, { stepsDone: 1, stepsTotal: 2 })).toEqual({ stepsDone: 1, stepsTotal: 2 });
  expect(mergeProgress(null, null)).toBeNull();
});
