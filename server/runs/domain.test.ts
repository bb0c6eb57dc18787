import { describe, expect, it } from "vitest";
import { STATUSES, type Status, TERMINAL_STATUSES } from "../contracts/statuses";
import { type AttemptEvent, eventFor, nextStatus, rollUp, turnOf } from "./domain";

const EVENTS: Record<string, AttemptEvent> = {
  launch: { type: "launch" },
  running: { type: "observed_running" },
  stop: { type: "stop_requested" },
  succeeded: { type: "ended", as: "succeeded" },
};

describe("an attempt's status", () => {
  const table: [Status, Record<keyof typeof EVENTS, Status>][] = [
    ["queued", { launch: "starting", running: "running", stop: "stopping", succeeded: "succeeded" }],
    ["starting", { launch: "starting", running: "running", stop: "stopping", succeeded: "succeeded" }],
    ["running", { launch: "running", running: "running", stop: "stopping", succeeded: "succeeded" }],
    ["stopping", { launch: "stopping", running: "stopping", stop: "stopping", succeeded: "succeeded" }],
  ];
  it.each(table)("%s goes forward only", (from, wanted) => {
    for (const [name, event] of Object.entries(EVENTS))
      expect(nextStatus(from, event), name).toBe(wanted[name]);
  });

  it.each(TERMINAL_STATUSES)("%s never changes", (status) => {
    for (const event of Object.values(EVENTS)) expect(nextStatus(status, event)).toBeNull();
  });

  it.each(STATUSES.filter((status) => status !== "queued"))(
    "%s is reached from queued by its event",
    (status) => {
      const event = eventFor(status);
      expect(event && nextStatus("queued", event)).toBe(status);
    },
  );
});

describe("a run's status", () => {
  it.each([
    [["queued", "queued", "queued"], "queued"],
    [["starting", "queued", "queued"], "starting"],
    [["running", "starting", "queued"], "running"],
    [["stopping", "queued", "cancelled"], "stopping"],
    [["stopping", "running", "queued"], "running"],
    [["succeeded", "queued", "queued"], "running"],
    [["failed", "running", "cancelled"], "running"],
    [["succeeded", "succeeded", "succeeded"], "succeeded"],
    [["failed", "succeeded", "cancelled"], "failed"],
    [["interrupted", "cancelled", "cancelled"], "interrupted"],
    [["succeeded", "succeeded", "cancelled"], "cancelled"],
  ] as [Status[], Status][])("%j is %s", (stages, wanted) => {
    expect(rollUp(stages)).toBe(wanted);
  });
});

describe("a stage's turn", () => {
  const stages = (sft: Status, reward: Status) => [
    { kind: "sft" as const, status: sft },
    { kind: "reward" as const, status: reward },
    { kind: "ppo" as const, status: "queued" as const },
  ];

  it("sft and reward need nobody", () => {
    expect(turnOf("sft", stages("queued", "queued")).type).toBe("ready");
    expect(turnOf("reward", stages("failed", "queued")).type).toBe("ready");
  });

  it("ppo needs both", () => {
    expect(turnOf("ppo", stages("succeeded", "succeeded"))).toEqual({ type: "ready" });
    expect(turnOf("ppo", stages("succeeded", "running"))).toEqual({
      type: "waits",
      reason: "waits for Reward model",
    });
    expect(turnOf("ppo", stages("queued", "queued"))).toEqual({
      type: "waits",
      reason: "waits for Supervised fine-tuning and Reward model",
    });
  });

  it("ppo never starts after one that did not succeed", () => {
    expect(turnOf("ppo", stages("running", "failed"))).toEqual({
      type: "never",
      reason: "not started: Reward model failed",
    });
  });
});
