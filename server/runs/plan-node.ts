import type { Status } from "../contracts/statuses";
import { type StageState, turnOf } from "./domain";

export interface QueuedStage extends StageState {
  id: string;
  desired: "run" | "stop";
  /** These and no others; empty: any gpuCount. */
  gpuUuids: readonly string[];
  gpuCount: number;
  /** Of the attempt under way, if one is. */
  heldUuids: readonly string[];
}
export interface QueuedEvaluation {
  id: string;
  status: Status;
}
/** A run that has something queued or under way, with its evaluations. */
export interface QueuedRun {
  id: string;
  stages: readonly QueuedStage[];
  evaluations: readonly QueuedEvaluation[];
}
export interface NodeQueue {
  nodeName: string;
  /** Usable GPUs in the order in which they are given out. */
  gpus: readonly { uuid: string; index: number }[];
  claimedUuids: ReadonlySet<string>;
  /** Who else uses a GPU, for people. Such a GPU goes only to whoever chose it by name. */
  foreignUse: ReadonlyMap<string, string>;
  /** While the node is out of reach nothing starts. */
  isReachable: boolean;
  /** While its environment is being made or removed nothing starts. */
  isPreparing: boolean;
  /** Oldest first: who came first is served first. */
  runs: readonly QueuedRun[];
}

interface Owner {
  runId: string;
  stageId: string | null;
  evaluationId: string | null;
}
export interface NodePlan {
  starts: (Owner & { gpuUuids: string[] })[];
  /** Why something queued does not start yet. */
  waits: (Owner & { reason: string; isForGpus: boolean })[];
  /** Queued stages that will not start. */
  cancels: { runId: string; stageId: string; reason: string }[];
}

const SHOWN_FOREIGN = 2;
const STAGE_ORDER = ["sft", "reward", "ppo"] as const;

/**
 * What may start on a node now. First come, first served over runs: GPUs that an earlier run waits for, or needs for
 * the stage after those under way, go to no later run. Within a run, sft and reward start side by side when both fit.
 * GPUs that somebody else uses are passed over, unless they were chosen by name.
 */
export function planNode(queue: NodeQueue): NodePlan {
  const plan: NodePlan = { starts: [], waits: [], cancels: [] };
  const pool = new GpuPool(queue);
  let blockedRuns = 0;
  for (const run of queue.runs) {
    planStages(run, { plan, pool, blockedRuns });
    planEvaluations(run, { plan, pool, blockedRuns });
    if (plan.waits.some((wait) => wait.runId === run.id && wait.isForGpus)) blockedRuns += 1;
  }
  return plan;
}

interface Planning {
  plan: NodePlan;
  pool: GpuPool;
  blockedRuns: number;
}

function planStages(run: QueuedRun, { plan, pool, blockedRuns }: Planning): void {
  // What the run has, takes now or waits for: all given back before its ppo starts.
  const held = new Set(run.stages.flatMap((stage) => stage.heldUuids));
  for (const kind of STAGE_ORDER) {
    const stage = run.stages.find((candidate) => candidate.kind === kind);
    if (stage === undefined || stage.status !== "queued" || stage.heldUuids.length > 0) continue;
    const owner = { runId: run.id, stageId: stage.id, evaluationId: null };
    const turn = turnOf(kind, run.stages);
    if (stage.desired === "stop" || turn.type === "never") {
      const reason = turn.type === "never" ? turn.reason : "stopped before it started";
      plan.cancels.push({ runId: run.id, stageId: stage.id, reason });
    } else if (turn.type === "waits") {
      plan.waits.push({ ...owner, reason: turn.reason, isForGpus: false });
      pool.reserveForLater(stage, held);
    } else {
      const gpuUuids = pool.take(stage);
      if (gpuUuids === null) {
        plan.waits.push({ ...owner, reason: pool.waitingReason(stage, blockedRuns), isForGpus: true });
        pool.reserve(stage);
        for (const uuid of stage.gpuUuids) held.add(uuid);
      } else {
        plan.starts.push({ ...owner, gpuUuids });
        for (const uuid of gpuUuids) held.add(uuid);
      }
    }
  }
}

function planEvaluations(run: QueuedRun, { plan, pool, blockedRuns }: Planning): void {
  const wish = { gpuUuids: [], gpuCount: 1 };
  for (const evaluation of run.evaluations) {
    if (evaluation.status !== "queued") continue;
    const owner = { runId: run.id, stageId: null, evaluationId: evaluation.id };
    const gpuUuids = pool.take(wish);
    if (gpuUuids === null) {
      plan.waits.push({ ...owner, reason: pool.waitingReason(wish, blockedRuns), isForGpus: true });
    } else plan.starts.push({ ...owner, gpuUuids });
  }
}

type Wish = Pick<QueuedStage, "gpuUuids" | "gpuCount">;

class GpuPool {
  private readonly free: string[];
  private readonly queue: NodeQueue;

  constructor(queue: NodeQueue) {
    this.queue = queue;
    this.free = queue.gpus.map((gpu) => gpu.uuid).filter((uuid) => !queue.claimedUuids.has(uuid));
  }

  /** Removes and returns GPUs for this wish; null when it cannot be met now. */
  take(wish: Wish): string[] | null {
    if (!this.queue.isReachable || this.queue.isPreparing) return null;
    const chosen = wish.gpuUuids.length > 0 ? [...wish.gpuUuids] : this.idle().slice(0, wish.gpuCount);
    const isMet =
      wish.gpuUuids.length > 0
        ? chosen.every((uuid) => this.free.includes(uuid))
        : chosen.length === wish.gpuCount;
    if (!isMet) return null;
    this.remove(chosen);
    return chosen;
  }

  /** Keeps what is free for somebody who waits for more. */
  reserve(wish: Wish): void {
    this.remove(wish.gpuUuids.length > 0 ? wish.gpuUuids : this.free.slice());
  }

  /** Keeps what a stage will need beyond what its own run gives back before. */
  reserveForLater(wish: Wish, held: ReadonlySet<string>): void {
    if (wish.gpuUuids.length > 0) this.remove(wish.gpuUuids);
    else this.remove(this.idle().slice(0, Math.max(0, wish.gpuCount - held.size)));
  }

  waitingReason(wish: Wish, blockedRuns: number): string {
    const { nodeName, gpus, isReachable, isPreparing } = this.queue;
    if (!isReachable) return `waits for ${nodeName}, which cannot be reached`;
    if (isPreparing) return `waits for ${nodeName}: the node is being prepared`;
    const line = blockedRuns === 0 ? "next in line" : `${count(blockedRuns, "run")} ahead of it`;
    if (wish.gpuUuids.length === 0) {
      if (wish.gpuCount > gpus.length) {
        return `waits for ${count(wish.gpuCount, "GPU")}; ${nodeName} has ${gpus.length}`;
      }
      const inTheWay = this.free.length >= wish.gpuCount ? this.foreignText() : line;
      return `waits for ${count(wish.gpuCount, "GPU")} on ${nodeName}, ${inTheWay}`;
    }
    const indices = wish.gpuUuids.map((uuid) => gpus.find((gpu) => gpu.uuid === uuid)?.index);
    if (indices.includes(undefined)) return `waits for a GPU that ${nodeName} does not show`;
    return `waits for GPU ${indices.join(" and ")} on ${nodeName}, ${line}`;
  }

  /** Free, and used by nobody else. */
  private idle(): string[] {
    return this.free.filter((uuid) => !this.queue.foreignUse.has(uuid));
  }

  private foreignText(): string {
    const used = this.queue.gpus.flatMap(({ uuid, index }) => {
      const by = this.free.includes(uuid) ? this.queue.foreignUse.get(uuid) : undefined;
      return by === undefined ? [] : [`GPU ${index} is used by ${by}`];
    });
    const more = used.length - SHOWN_FOREIGN;
    return used.slice(0, SHOWN_FOREIGN).join("; ") + (more > 0 ? `; ${more} more are used too` : "");
  }

  private remove(uuids: readonly string[]): void {
    for (const uuid of uuids) {
      const at = this.free.indexOf(uuid);
      if (at >= 0) this.free.splice(at, 1);
    }
  }
}

function count(n: number, word: string): string {
  return n === 1 ? `1 ${word}` : `${n} ${word}s`;
}
