import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAppError } from "../../../server/errors";
import { stopRun } from "../../../server/runs";
import { insertRun } from "../../../server/testing/test-training";
import { lasting } from "./breakage";
import type { PlannedEnd } from "./planned-ends";
import type { WorkerYard } from "./worker-yard";

const LOOK_EVERY_MS = 200;
const GRACE_SECONDS = 2;
/** Runs of a node that wait, so that a free GPU finds one. */
const WAITING = 2;

/** An attempt as whoever looks at it sees it. */
export interface SeenAttempt {
  attemptId: string;
  runId: string;
  nodeId: string;
  /** Index of its plan. */
  plan: number;
  status: string;
  exitStatus: number | null;
  exitWhy: string | null;
  reason: string | null;
  endedAt: Date | null;
  directory: string | null;
  output: string | null;
}

/** Many attempts on all nodes of a yard at once, each with the end that is planned for it. */
export class Crowd {
  /** As each end was seen first, by a reader who remembers it outside the database. */
  readonly told = new Map<string, SeenAttempt>();
  /** `run` has returned, or has given up. */
  isOver = false;
  private readonly yard: WorkerYard;
  private readonly plans: readonly PlannedEnd[];
  private readonly gpuCount: number;
  private readonly acted = new Set<string>();
  private started = 0;
  private open: readonly SeenAttempt[] = [];

  constructor({
    yard,
    plans,
    gpuCount,
  }: { yard: WorkerYard; plans: readonly PlannedEnd[]; gpuCount: number }) {
    this.yard = yard;
    this.plans = plans;
    this.gpuCount = gpuCount;
  }

  /** Starts them all, as GPUs come free, and does to each what is planned. Returns when all have ended. */
  async run({ timeoutMs }: { timeoutMs: number }): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    try {
      while (this.told.size < this.plans.length) {
        if (performance.now() > deadline)
          throw new Error(`${this.told.size} of ${this.plans.length} attempts have ended in time`);
        this.open = await lasting(() => this.look());
        for (const attempt of this.open) await this.act(attempt);
        await this.fill();
        await delay(LOOK_EVERY_MS);
      }
    } finally {
      this.isOver = true;
    }
  }

  isUnderWay(): boolean {
    return this.open.some(({ status }) => status === "running");
  }

  /** All of them, as they are told now. */
  async all(): Promise<SeenAttempt[]> {
    return this.query("");
  }

  /** Those that have not ended. One that has is remembered as it is seen now. */
  private async look(): Promise<SeenAttempt[]> {
    const seen = await this.query(`AND a.id <> ALL ($1::uuid[])`, [[...this.told.keys()]]);
    for (const attempt of seen) if (attempt.endedAt !== null) this.told.set(attempt.attemptId, attempt);
    return seen.filter(({ endedAt }) => endedAt === null);
  }

  private async query(condition: string, values: unknown[] = []): Promise<SeenAttempt[]> {
    const { rows } = await this.yard.node.db.pool.query<SeenAttempt>(
      `SELECT a.id AS "attemptId", r.id AS "runId", r."nodeId", r.name::int AS plan, a.status, a."exitStatus", a."exitWhy",
         a.reason, a."endedAt", a.directory, a."outputDirectory" AS output
       FROM attempt a JOIN stage s ON s.id = a."stageId" JOIN run r ON r.id = s."runId" WHERE true ${condition}`,
      values,
    );
    return rows;
  }

  /** The next plans, where GPUs will be free. A run whose insertion was not answered may be there twice: it counts too. */
  private async fill(): Promise<void> {
    const { nodes, node } = this.yard;
    for (const { nodeId } of nodes) {
      const { rows } = await lasting(() =>
        node.db.pool.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM run WHERE "nodeId" = $1 AND "endedAt" IS NULL',
          [nodeId],
        ),
      );
      let room = this.gpuCount + WAITING - (rows[0]?.count ?? 0);
      for (; room > 0 && this.started < this.plans.length; room -= 1) {
        const name = String(this.started);
        const program = this.plans[this.started]?.program ?? "";
        this.started += 1;
        await lasting(() => insertRun(node.db, nodeId, { program, name }));
      }
    }
  }

  private async act(attempt: SeenAttempt): Promise<void> {
    const { attemptId, runId, plan, directory, output } = attempt;
    const planned = this.plans[plan];
    if (planned === undefined || this.acted.has(attemptId)) return;
    const hasBegun = output !== null && existsSync(join(output, "begun"));
    if (planned.stop === "early" || (planned.stop === "begun" && hasBegun)) {
      this.acted.add(attemptId);
      await lasting(() => this.clickStop(runId));
    }
    if (planned.kill === null || !hasBegun || directory === null) return;
    if (!existsSync(join(directory, "child"))) return;
    this.acted.add(attemptId);
    planned.kill({ directory, output });
    writeFileSync(join(output, "enough"), "");
  }

  private async clickStop(id: string): Promise<void> {
    try {
      await stopRun({ ctx: this.yard.node.ctx, input: { id, graceSeconds: GRACE_SECONDS } });
    } catch (error) {
      // An earlier click was heard although its answer was lost, and the run has ended since.
      if (!isAppError(error) || error.code !== "CONFLICT") throw error;
    }
  }
}
