import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readScalars } from "../../scalars";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { findCapture } from "../../testing/captures";
import { sshdUnavailable } from "../../testing/sshd";

const capture = findCapture("dschat-logs/step3-opt-1.3b-opt-350m.log");
if (capture === null)
  console.log("replaying a generated log: no captured one here (set TRAINYARD_CAPTURES_DIR)");

/** A log of PPO in the dialect of 2023, where no captured one is at hand. */
function generateLog(): Buffer {
  const lines = Array.from({ length: 60 }, (_, step) => [
    `epoch: 0|step: ${step}|ppo_ep: 1|act_loss: ${0.5 - step / 200}|cri_loss: ${0.25 / (step + 1)}|unsuper_loss: 0.0`,
    `average reward score: ${step / 16}`,
    "-".repeat(85),
  ]);
  return Buffer.from(
    `***** Running training *****\nBeginning of Epoch 1/1, Total Generation Batches 60\n${lines.flat().join("\n")}\n`,
  );
}

/** Every number that a pattern finds in the log, read here by a regular expression alone. */
function numbersIn(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map((match) => Number(match[1]));
}

describe.skipIf(sshdUnavailable !== null)("a real PPO log, written by a command on a real sshd", () => {
  let node: AttemptNode;
  let worker: TestWorker;
  beforeAll(async () => {
    node = await startAttemptNode();
    worker = await node.worker();
  });
  afterAll(() => node.stop());

  it("arrives whole while it is being written, with every scalar that it holds", async () => {
    const source = join(node.sshd.homeDirectory, "replayed.log");
    if (capture === null) writeFileSync(source, generateLog());
    else copyFileSync(capture, source);
    const log = readFileSync(source);
    // In pieces of 3,001 bytes, so that nearly every look comes in the middle of a line.
    const { runId } = await node.startRun(`i=0
      while piece=$(dd if="$HOME/replayed.log" bs=3001 skip=$i count=1 2>/dev/null | wc -c) && [ "$piece" -gt 0 ]; do
        dd if="$HOME/replayed.log" bs=3001 skip=$i count=1 2>/dev/null
        i=$((i + 1))
      done
      eval "$SAVE"`);
    await worker.until(async () => (await node.attempts(runId))[0]?.endedAt != null, "its end", 60_000);
    const attempt = await node.attempt(runId);
    expect(attempt.status).toBe("succeeded");

    const stored = await node.storedLog(attempt.id);
    const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(stored.length).toBe(log.length);
    expect(digest(stored)).toBe(digest(log));

    const text = log.toString("latin1");
    const expected = {
      "ppo/actor_loss": numbersIn(text, /^epoch: \d+\|step: \d+\|.*\|act_loss: ([-\d.e]+)\|/gm),
      "ppo/critic_loss": numbersIn(text, /^epoch: \d+\|step: \d+\|.*\|cri_loss: ([-\d.e]+)\|/gm),
      "ppo/reward": numbersIn(text, /^average reward score: ([-\d.e]+)/gm),
    };
    const tags = Object.keys(expected).join(",");
    const { series } = await readScalars({
      ctx: node.ctx,
      input: { attemptId: attempt.id, tags, points: 20_000 },
    });
    for (const [tag, values] of Object.entries(expected)) {
      expect(values.length).toBeGreaterThan(50);
      const found = series.find((each) => each.tag === tag);
      expect(found?.values).toEqual(values);
      expect(new Set(found?.steps).size).toBe(values.length);
    }
    expect(attempt.stepsDone).toBe(expected["ppo/actor_loss"].length);
    expect(attempt.stepsTotal).toBe(numbersIn(text, /Total Generation Batches (\d+)/g)[0]);
  }, 90_000);
});
