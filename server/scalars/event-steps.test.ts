import { describe, expect, it } from "vitest";
import { canonicalEventTag } from "./canonical-tags";
import { type EventStepsState, initialEventSteps, learnSamplesPerStep, monotonicStep } from "./event-steps";

function stored(
  kind: Parameters<typeof monotonicStep>[1],
  steps: number[],
  state: EventStepsState = initialEventSteps(),
) {
  for (const step of steps) if (kind.startsWith("samples")) learnSamplesPerStep(state, step);
  return steps.map((step) => monotonicStep(state, kind, "tag", step));
}

describe("canonicalEventTag", () => {
  it.each([
    ["Train/Samples/train_loss", "step1_model/events.out.tfevents.1", "loss", "samplesBefore"],
    ["Train/Samples/lr", "step2_model/events.out.tfevents.1", "lr", "samples"],
    ["Train/Samples/lr", "ds_tensorboard_logs/step3_actor_tensorboard/events.1", "lr", "samples"],
    ["Train/Samples/lr", "ds_tensorboard_logs/step3_critic_tensorboard/events.1", "critic/lr", "samples"],
    ["Train/Samples/loss_scale", "step3_critic_tensorboard/events.1", "critic/loss_scale", "samples"],
    ["Train/Samples/train_loss", "step3_actor_tensorboard/events.1", "actor/train_loss", "samplesBefore"],
    ["reward", "step3_tensorboard_logs/events.1", "ppo/reward", "epochBatch"],
    ["actor_loss", "step3_tensorboard_logs/events.1", "ppo/actor_loss", "epochBatch"],
    ["critic_loss_sum", "step3_tensorboard_logs/events.1", "critic_loss_sum", "epochBatch"],
    ["my/own", "somewhere/events.1", "my/own", "own"],
    ["constructor", "somewhere/events.1", "constructor", "own"],
  ])("%s in %s is %s", (sourceTag, path, tag, stepKind) => {
    expect(canonicalEventTag(sourceTag, path)).toEqual({ tag, stepKind });
  });
});

describe("monotonicStep", () => {
  it("turns samples into optimizer steps from 1", () => {
    expect(stored("samples", [64, 128, 192])).toEqual([1, 2, 3]);
    expect(stored("samplesBefore", [0, 64, 128])).toEqual([1, 2, 3]);
  });
  it("goes on counting when PPO starts again at 0 each epoch, also with one batch an epoch", () => {
    expect(stored("epochBatch", [0, 1, 2, 0, 1, 2, 0])).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(stored("epochBatch", [0, 0, 0])).toEqual([1, 2, 3]);
    expect(stored("epochBatch", [1, 3, 1, 3])).toEqual([2, 4, 6, 8]);
  });
  it("goes on from its stored state", () => {
    const state = initialEventSteps();
    stored("epochBatch", [0, 1, 2, 0], state);
    expect(stored("epochBatch", [1, 2, 0], JSON.parse(JSON.stringify(state)))).toEqual([5, 6, 7]);
  });
  it("leaves the steps of other writers alone", () => {
    expect(stored("own", [0, 5, 3])).toEqual([0, 5, 3]);
  });
});
