import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createToken } from "../../../server/auth";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { startSite } from "../../../server/web/live-site";
import { watchMemory } from "../lab/memory-watch";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const VIEWERS = 200;
/** The web lets one user have so many sockets. */
const VIEWERS_PER_USER = 50;
const LINES_PER_SECOND = 200;
const EVERY_MS = 50;
const SECONDS = sized({ short: 10, long: 600 });
const MOST_P95_MS = 500;
const MOST_GROWTH_MB = 150;
const ENOUGH = `while [ ! -e "$OUTPUT/enough" ]; do sleep 0.2; done; eval "$SAVE"`;

interface Seen {
  lines: number;
  gaps: number;
  questions: number;
  p50: number;
  p95: number;
  most: number;
}

keeps(
  {
    row: 15,
    promise: `${VIEWERS} viewers, ${LINES_PER_SECOND} lines a second, ${SECONDS} s: a line on its way to all of them`,
    bar: `p95 ≤ ${MOST_P95_MS} ms, + ${MOST_GROWTH_MB} MB, one SSH connection`,
    kind: "measure",
    unavailable: sshdUnavailable,
    timeoutMs: SECONDS * 1000 + 180_000,
  },
  async () => {
    const yard = await startWorkerYard();
    try {
      const { written, seen, grownMb, connections } = await measure(yard);
      const lost = written * VIEWERS - seen.lines;
      return {
        figure: `p95 ${seen.p95} ms (p50 ${seen.p50}, at most ${seen.most}), + ${grownMb.toFixed(0)} MB, ${connections} connection; ${lost} of ${written * VIEWERS} lines missing, ${seen.gaps} gaps, ${seen.questions} questions`,
        isKept:
          seen.p95 <= MOST_P95_MS &&
          grownMb <= MOST_GROWTH_MB &&
          connections === 1 &&
          lost === 0 &&
          seen.gaps === 0,
      };
    } finally {
      await yard.stop();
    }
  },
);

async function measure(yard: WorkerYard) {
  const { node } = yard;
  const site = await startSite({ db: node.db, dataDirectory: yard.dataDirectory("one") });
  try {
    const { runId } = await node.startRun(ENOUGH);
    await yard.start("one");
    await waitUntil(
      async () => (await node.attempts(runId))[0]?.status === "running",
      "the training",
      60_000,
    );
    const { directory, outputDirectory } = await node.attempt(runId);
    const before = process.memoryUsage().rss;
    const memory = watchMemory(process.pid);
    const tokens = await tokensOf(site);
    const viewers = fork(join(process.cwd(), "e2e/faults/lab/viewers.mjs"), [
      site.origin,
      `run:${runId}`,
      ...tokens,
    ]);
    await answerOf(viewers);
    const written = await write(join(directory ?? "", "training.log"));
    await delay(2_000);
    viewers.send("count");
    const [seen] = (await answerOf(viewers)) as [Seen];
    const grownMb = (memory.stop() - before) / 1_000_000;
    viewers.disconnect();
    writeFileSync(join(outputDirectory ?? "", "enough"), "");
    await waitUntil(async () => (await node.attempt(runId)).endedAt !== null, "the end", 60_000);
    return { written, seen, grownMb, connections: node.proxy.connectionCount() };
  } finally {
    await site.stop();
  }
}

/** @throws when they end instead */
async function answerOf(viewers: ChildProcess): Promise<unknown[]> {
  const ended = once(viewers, "exit").then(([code]) => {
    throw new Error(`the viewers ended with ${code}`);
  });
  return Promise.race([once(viewers, "message"), ended]);
}

/** As many tokens as viewers, of as many users as that needs. */
async function tokensOf({ db, ctx }: Awaited<ReturnType<typeof startSite>>): Promise<string[]> {
  const tokens: string[] = [];
  for (let user = 0; user < VIEWERS / VIEWERS_PER_USER; user += 1) {
    const email = `viewer-${user}@example.org`;
    const { id } = await db.prisma.user.create({
      data: { id: randomUUID(), email, name: email, role: "viewer" },
    });
    const actor = { id, name: email, role: "viewer" } as const;
    const { token } = await createToken({
      ctx: { ...ctx, actor },
      input: { name: "lab", expiresInDays: null },
    });
    tokens.push(...Array.from({ length: VIEWERS_PER_USER }, () => token));
  }
  return tokens;
}

/** Lines that say when they were written. Returns how many. */
async function write(log: string): Promise<number> {
  const each = (LINES_PER_SECOND * EVERY_MS) / 1000;
  const startedAt = performance.now();
  let written = 0;
  for (let turn = 1; turn * EVERY_MS <= SECONDS * 1000; turn += 1) {
    const line = `epoch 0 step ${turn} loss ${(1 / turn).toFixed(6)} at ${Date.now()}\n`;
    appendFileSync(log, line.repeat(each));
    written += each;
    await delay(Math.max(0, startedAt + turn * EVERY_MS - performance.now()));
  }
  return written;
}
