import { appendFileSync, chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { RenderedCommand } from "../../../server/contracts/recipes";
import { createLogger } from "../../../server/log";
import { closeHours, closeMinutes, TelemetryWriter } from "../../../server/telemetry";
import type { AttemptNode, AttemptRow } from "../../../server/testing/attempt-node";
import { encodeEventFile } from "../../../server/testing/event-file-writer";
import { waitUntil } from "../../../server/testing/processes";
import { fakeTicks } from "../../../server/testing/telemetry-ticks";

const STEP_SECONDS = 2;
/** As one event file has them: DeepSpeed's engine counts samples, and here a step is one. */
const TAGS = [
  "Train/Samples/train_loss",
  "Train/Samples/lr",
  "Train/Samples/loss_scale",
  "reward_model/accuracy",
  "reward_model/chosen_score",
  "reward_model/rejected_score",
  "eval/loss",
  "eval/perplexity",
] as const;
const LINE = "[INFO] [utils.py:781:see_memory_usage] MA 3.96 GB Max_MA 22.95 GB CA 23.1 GB Max_CA 23 GB";

export interface Stretch {
  /** Unix ms */
  from: number;
  to: number;
  gpuUuids: readonly string[];
  logBytes: number;
}

/** What a training leaves in a stretch of time: its files on the node, its GPUs' readings in the database. */
export class Night {
  private readonly node: AttemptNode;
  private readonly attempt: AttemptRow;
  private step = 0;

  constructor(node: AttemptNode, attempt: AttemptRow) {
    this.node = node;
    this.attempt = attempt;
  }

  /** Resolves when all of it is stored. Returns the last line of the log. */
  async pass({ from, to, gpuUuids, logBytes }: Stretch): Promise<string> {
    const steps = Math.floor((to - from) / 1000 / STEP_SECONDS);
    const lines: string[] = [];
    for (let n = 0, length = 0; length < logBytes; n += 1, length += lines.at(-1)?.length ?? 0)
      lines.push(`step ${this.step + n} ${LINE}`);
    const last = `the last line before ${new Date(to).toISOString()}`;
    appendFileSync(join(this.attempt.directory ?? "", "training.log"), `${lines.join("\n")}\n${last}\n`);
    this.writeEvents(from, steps);
    await this.writeTelemetry({ from, steps, gpuUuids });
    await waitUntil(() => this.isStored(last), "the night to be stored", 60_000);
    return last;
  }

  private writeEvents(from: number, steps: number): void {
    const directory = RenderedCommand.parse(this.attempt.command).eventDirectories[0] ?? "";
    mkdirSync(directory, { recursive: true });
    const scalars = Array.from({ length: steps * TAGS.length }, (_, n) => {
      const step = this.step + Math.floor(n / TAGS.length) + 1;
      const tag = TAGS[n % TAGS.length] ?? TAGS[0];
      return {
        tag,
        step,
        value: Math.fround(3 / Math.sqrt(step) + (n % 7) / 100),
        wallTime: from / 1000 + (step - this.step) * STEP_SECONDS,
      };
    });
    const file = join(directory, "events.out.tfevents.1700000000.node.1.0");
    appendFileSync(file, encodeEventFile(scalars));
    const { uid, gid } = statSync(this.node.sshd.homeDirectory);
    chownSync(file, uid, gid);
    this.step += steps;
  }

  private async writeTelemetry({
    from,
    steps,
    gpuUuids,
  }: {
    from: number;
    steps: number;
    gpuUuids: readonly string[];
  }): Promise<void> {
    const { db, nodeId } = this.node;
    const { rows } = await db.pool.query<{ owner: string; epoch: string }>(
      "SELECT owner, epoch FROM node_lease WHERE node_id = $1",
      [nodeId],
    );
    const { owner = "", epoch = "0" } = rows[0] ?? {};
    const writer = new TelemetryWriter(db.pool, createLogger("lab", "silent"));
    const ticks = fakeTicks({
      nodeId,
      from,
      count: steps,
      gpus: gpuUuids.length,
      everyMs: STEP_SECONDS * 1000,
    });
    for (const tick of ticks)
      writer.push({ ...tick, gpuUuids: [...gpuUuids] }, { nodeId, owner, epoch: BigInt(epoch) });
    await writer.flush();
    writer.close();
    const closed = { before: Date.now(), since: from, nodeIds: [nodeId] };
    await closeMinutes(db.pool, closed);
    await closeHours(db.pool, closed);
  }

  /** The log with its last line, and every scalar. */
  private async isStored(last: string): Promise<boolean> {
    const { rows } = await this.node.db.pool.query<{ scalars: number; tail: string | null }>(
      `SELECT (SELECT count(*)::int FROM scalar s JOIN scalar_tag t ON t.id = s.tag_id WHERE t.attempt_id = $1) AS scalars,
         (SELECT convert_from(substring(c.bytes FROM greatest(1, length(c.bytes) - 99)), 'UTF8') FROM log_chunk c
          JOIN node_file f ON f.id = c.file_id WHERE f."attemptId" = $1 ORDER BY c."offset" DESC LIMIT 1) AS tail`,
      [this.attempt.id],
    );
    const [row] = rows;
    return row?.scalars === this.step * TAGS.length && row.tail?.endsWith(`${last}\n`) === true;
  }
}
