import { createHash } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { streamLog } from "../../../server/logs";
import { type AttemptNode, startAttemptNode } from "../../../server/testing/attempt-node";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { HOSTILE_LOGS, mixedLog } from "../lab/hostile-logs";
import { keeps } from "../lab/promise";
import type { Random } from "../lab/random";
import { sized } from "../lab/settings";

const MIXED_LINES = sized({ short: 20_000, long: 400_000 });

keeps(
  {
    row: 6,
    promise: `runs killed by their log (${HOSTILE_LOGS.map(({ name }) => name).join(", ")}), or whose download differs`,
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs: sized({ short: 180_000, long: 1_800_000 }),
  },
  async (random) => {
    const node = await startAttemptNode({ gpuCount: HOSTILE_LOGS.length });
    try {
      const faults = await runAll(node, random);
      const told = faults.length === 0 ? "" : `: ${faults.join("; ")}`;
      return { figure: `${faults.length} of ${HOSTILE_LOGS.length}${told}`, isKept: faults.length === 0 };
    } finally {
      await node.stop();
    }
  },
);

/** What became of each run that is not as it should be. */
async function runAll(node: AttemptNode, random: Random): Promise<string[]> {
  const mixed = join(node.sshd.homeDirectory, "mixed");
  writeFileSync(mixed, mixedLog(random, MIXED_LINES));
  const runs: { name: string; runId: string }[] = [];
  for (const { name, program } of HOSTILE_LOGS) {
    const { runId } = await node.startRun(`${program}; eval "$SAVE"`, { env: { MIXED: mixed } });
    runs.push({ name, runId });
  }
  const worker = await node.worker();
  const areOver = async () => {
    for (const { runId } of runs) if ((await node.attempts(runId))[0]?.endedAt == null) return false;
    return true;
  };
  const problems: string[] = [];
  await worker
    .until(areOver, "the end of every run", sized({ short: 120_000, long: 1_200_000 }))
    .catch((error: unknown) => problems.push(String(error)));
  for (const { name, runId } of runs) {
    const problem = await problemOf(node, runId);
    if (problem !== null) problems.push(`${name}: ${problem}`);
  }
  return problems;
}

async function problemOf(node: AttemptNode, runId: string): Promise<string | null> {
  const attempt = await node.attempt(runId);
  if (attempt.status !== "succeeded") return `${attempt.status} ${attempt.reason ?? ""}`;
  const written = await digestOf(createReadStream(join(attempt.directory ?? "", "training.log")));
  const stream = await streamLog({ ctx: node.ctx, input: { attemptId: attempt.id } });
  const downloaded = await digestOf(stream.bytes);
  return downloaded === written ? null : "the download differs";
}

async function digestOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of bytes) hash.update(part);
  return hash.digest("hex");
}
