import { describe, expect, it } from "vitest";
import type { StageKind, Status } from "../contracts/statuses";
import { type NodeQueue, planNode, type QueuedRun, type QueuedStage } from "./plan-node";

function stage(kind: StageKind, changes: Partial<QueuedStage> = {}): QueuedStage {
  const base = { id: kind, kind, status: "queued" as Status, desired: "run" as const, gpuCount: 1 };
  return { ...base, gpuUuids: [], heldUuids: [], ...changes };
}

function run(
  id: string,
  stages: Partial<Record<StageKind, Partial<QueuedStage>>> = {},
  evaluations = 0,
): QueuedRun {
  return {
    id,
    stages: (["sft", "reward", "ppo"] as const).map((kind) =>
      stage(kind, { id: `${id}-${kind}`, ...(kind === "ppo" ? { gpuCount: 2 } : {}), ...stages[kind] }),
    ),
    evaluations: Array.from({ length: evaluations }, (_, n) => ({
      id: `${id}-eval${n}`,
      status: "queued" as const,
    })),
  };
}

const DONE = { status: "succeeded" as const };

function queue(gpuCount: number, runs: QueuedRun[]): NodeQueue {
  const held = runs.flatMap((entry) => entry.stages.flatMap((one) => one.heldUuids));
  return {
    nodeName: "dgx-04",
    gpus: Array.from({ length: gpuCount }, (_, index) => ({ uuid: `G${index}`, index })),
    claimedUuids: new Set(held),
    foreignUse: new Map(),
    isReachable: true,
    isPreparing: false,
    runs,
  };
}

const startsOf = (input: NodeQueue) =>
  planNode(input).starts.map((start) => `${start.stageId ?? start.evaluationId}:${start.gpuUuids.join("+")}`);
const waitsOf = (input: NodeQueue) =>
  Object.fromEntries(planNode(input).waits.map((wait) => [wait.stageId ?? wait.evaluationId, wait.reason]));

describe("stages of one run", () => {
  it("sft and reward start side by side on different GPUs", () => {
    expect(startsOf(queue(2, [run("a")]))).toEqual(["a-sft:G0", "a-reward:G1"]);
  });

  it("reward waits when there is one GPU only", () => {
    const input = queue(1, [run("a", { ppo: { gpuCount: 1 } })]);
    expect(startsOf(input)).toEqual(["a-sft:G0"]);
    expect(waitsOf(input)["a-reward"]).toBe("waits for 1 GPU on dgx-04, next in line");
  });

  it("stages that want all GPUs go one after the other", () => {
    const wide = { gpuCount: 2 };
    expect(startsOf(queue(2, [run("a", { sft: wide, reward: wide })]))).toEqual(["a-sft:G0+G1"]);
  });

  it("ppo starts when both have succeeded and not before", () => {
    expect(
      startsOf(queue(2, [run("a", { sft: DONE, reward: { status: "running", heldUuids: ["G1"] } })])),
    ).toEqual([]);
    expect(startsOf(queue(2, [run("a", { sft: DONE, reward: DONE })]))).toEqual(["a-ppo:G0+G1"]);
  });

  it("chosen GPUs are waited for by number", () => {
    const input = queue(4, [
      run("a", { sft: { status: "running", heldUuids: ["G1"] }, reward: { gpuUuids: ["G1", "G2"] } }),
    ]);
    expect(startsOf(input)).toEqual([]);
    expect(waitsOf(input)["a-reward"]).toBe("waits for GPU 1 and 2 on dgx-04, next in line");
  });

  it("more GPUs than the node has is said", () => {
    expect(waitsOf(queue(2, [run("a", { sft: { gpuCount: 4 } })]))["a-sft"]).toBe(
      "waits for 4 GPUs; dgx-04 has 2",
    );
  });

  it("ppo is called off when a stage before it did not succeed, and what is to be stopped with it", () => {
    const plan = planNode(queue(2, [run("a", { sft: { status: "failed" }, reward: { desired: "stop" } })]));
    expect(plan.cancels.map((cancel) => [cancel.stageId, cancel.reason])).toEqual([
      ["a-reward", "stopped before it started"],
      ["a-ppo", "not started: Supervised fine-tuning failed"],
    ]);
  });
});

describe("several runs", () => {
  it("the second waits while the first needs the GPUs", () => {
    const input = queue(2, [run("a"), run("b")]);
    expect(startsOf(input)).toEqual(["a-sft:G0", "a-reward:G1"]);
    expect(waitsOf(input)["b-sft"]).toBe("waits for 1 GPU on dgx-04, next in line");
  });

  it("a GPU that the first run gives back is kept for its ppo", () => {
    const first = run("a", { sft: DONE, reward: { status: "running", heldUuids: ["G1"] } });
    expect(startsOf(queue(2, [first, run("b")]))).toEqual([]);
  });

  it("GPUs beyond the first run's need go to the second", () => {
    expect(startsOf(queue(4, [run("a"), run("b")]))).toEqual([
      "a-sft:G0",
      "a-reward:G1",
      "b-sft:G2",
      "b-reward:G3",
    ]);
  });

  it("a small run does not overtake a large one that waits", () => {
    const busy = run("a", {
      sft: { status: "running", heldUuids: ["G0"] },
      reward: DONE,
      ppo: { gpuCount: 1 },
    });
    const large = run("b", { sft: { gpuCount: 2 } });
    const input = queue(2, [busy, large, run("c", { ppo: { gpuCount: 1 } })]);
    expect(startsOf(input)).toEqual([]);
    expect(waitsOf(input)["c-sft"]).toBe("waits for 1 GPU on dgx-04, 1 run ahead of it");
  });

  it("a run that wants other GPUs passes one that waits for chosen ones", () => {
    const busy = run("a", {
      sft: { status: "running", heldUuids: ["G0"] },
      reward: DONE,
      ppo: { gpuCount: 1 },
    });
    const picky = run("b", { sft: { gpuUuids: ["G0"] }, reward: DONE, ppo: { gpuCount: 1 } });
    const other = run("c", { sft: { gpuUuids: ["G1"] }, reward: DONE, ppo: { gpuCount: 1 } });
    expect(startsOf(queue(2, [busy, picky, other]))).toEqual(["c-sft:G1"]);
  });
});

describe("evaluations", () => {
  const ended = (id: string, evaluations: number) =>
    run(id, { sft: DONE, reward: DONE, ppo: DONE }, evaluations);

  it("go before later runs", () => {
    expect(startsOf(queue(1, [ended("a", 1), run("b", { ppo: { gpuCount: 1 } })]))).toEqual(["a-eval0:G0"]);
  });

  it("wait for a GPU when none is free", () => {
    const input = queue(1, [ended("a", 2)]);
    expect(startsOf(input)).toEqual(["a-eval0:G0"]);
    expect(waitsOf(input)["a-eval1"]).toBe("waits for 1 GPU on dgx-04, next in line");
  });
});

describe("GPUs that somebody else uses", () => {
  const used = (input: NodeQueue, ...uuids: string[]): NodeQueue => ({
    ...input,
    foreignUse: new Map(uuids.map((uuid, n) => [uuid, `pid ${100 + n} of ada (42 GB)`])),
  });

  it("are passed over", () => {
    const input = used(queue(3, [run("a")]), "G0");
    expect(startsOf(input)).toEqual(["a-sft:G1", "a-reward:G2"]);
  });

  it("are named to whoever waits for them", () => {
    const one = used(queue(1, [run("a", { ppo: { gpuCount: 1 } })]), "G0");
    expect(startsOf(one)).toEqual([]);
    expect(waitsOf(one)["a-sft"]).toBe("waits for 1 GPU on dgx-04, GPU 0 is used by pid 100 of ada (42 GB)");
    const wide = { gpuCount: 3 };
    const three = used(queue(3, [run("a", { sft: wide, reward: wide, ppo: wide })]), "G0", "G1", "G2");
    expect(waitsOf(three)["a-sft"]).toBe(
      "waits for 3 GPUs on dgx-04, GPU 0 is used by pid 100 of ada (42 GB); GPU 1 is used by pid 101 of ada (42 GB); 1 more are used too",
    );
  });

  it("are taken by who chose them by name", () => {
    const input = used(queue(2, [run("a", { sft: { gpuUuids: ["G0"] } })]), "G0");
    expect(startsOf(input)).toEqual(["a-sft:G0", "a-reward:G1"]);
  });

  it("keep a run that needs them in front of those that came later", () => {
    const wide = { gpuCount: 2 };
    const input = used(queue(2, [run("a", { sft: wide, reward: wide }), run("b")]), "G1");
    expect(waitsOf(input)["a-sft"]).toBe(
      "waits for 2 GPUs on dgx-04, GPU 1 is used by pid 100 of ada (42 GB)",
    );
    expect(waitsOf(input)["b-sft"]).toBe("waits for 1 GPU on dgx-04, 1 run ahead of it");
  });
});

describe("a node that is being prepared", () => {
  it("starts nothing and says so", () => {
    const input = {
      ...queue(2, [run("a", { sft: DONE, reward: DONE, ppo: DONE }, 1), run("b")]),
      isPreparing: true,
    };
    expect(startsOf(input)).toEqual([]);
    expect(waitsOf(input)).toMatchObject({
      "a-eval0": "waits for dgx-04: the node is being prepared",
      "b-sft": "waits for dgx-04: the node is being prepared",
    });
  });
});

describe("a node that cannot be reached", () => {
  it("starts nothing, says so, and still calls off what will not start", () => {
    const failed = { status: "failed" as const };
    const input = { ...queue(2, [run("a"), run("b", { sft: failed, reward: DONE })]), isReachable: false };
    expect(startsOf(input)).toEqual([]);
    expect(waitsOf(input)["a-sft"]).toBe("waits for dgx-04, which cannot be reached");
    expect(planNode(input).cancels.map(({ stageId }) => stageId)).toEqual(["b-ppo"]);
  });
});
