import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Response } from "@playwright/test";
import type pg from "pg";
import { tagLook } from "../../../components/charts/tag-table";
import { formatCount, formatScalar, formatSigned } from "../../../components/format/format-number";
import { ScalarsResult } from "../../../server/contracts/attempts";
import { SamplesResult } from "../../../server/contracts/telemetry";
import type { AttemptRow } from "../../../server/testing/attempt-node";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { Night } from "../lab/night";
import { keeps } from "../lab/promise";
import { browserUnavailable, openSleepingTab, type SleepingTab } from "../lab/sleeping-tab";
import { pagesUnavailable, startWebProcess, type WebProcess } from "../lab/web-process";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const HOUR_MS = 3_600_000;
const NIGHT_MS = 8 * HOUR_MS;
const EVENING_MS = HOUR_MS / 2;
const LOG_BYTES = 32_000_000;
const GPU_COUNT = 8;
const MOST_SECONDS = 2;
const MOST_BYTES = 2_000_000;
const WAKING_TIMEOUT_MS = 30_000;
const COUNTED_MS = 3_000;
/** The newest telemetry that is drawn over the attempt's whole time: it is read every 5 s, a bucket is a minute. */
const MOST_BEHIND_MS = 70_000;
const ENOUGH = `while [ ! -e "$OUTPUT/enough" ]; do sleep 0.2; done; eval "$SAVE"`;
const unavailable = sshdUnavailable ?? browserUnavailable ?? pagesUnavailable;

interface Wakened {
  seconds: number;
  bytes: number;
  wrong: string[];
}
interface Slept {
  frozen: Wakened;
  lid: Wakened;
}

/** One night for both promises: they are figures of the same two tabs. */
let night: Promise<Slept> | null = null;
const sleep = () => {
  night ??= sleepThrough();
  return night;
};

keeps(
  {
    row: 18,
    promise: "tab asleep 8 h, frozen, and with the lid closed: right again after waking",
    bar: `≤ ${MOST_SECONDS} s, ≤ ${MOST_BYTES / 1_000_000} MB each`,
    kind: "measure",
    unavailable,
    timeoutMs: 180_000,
  },
  async () => {
    const { frozen, lid } = await sleep();
    const text = ({ seconds, bytes }: Wakened) => `${seconds.toFixed(1)} s, ${Math.round(bytes / 1000)} kB`;
    return {
      figure: `frozen: ${text(frozen)}; lid closed: ${text(lid)}`,
      isKept: [frozen, lid].every(({ seconds, bytes }) => seconds <= MOST_SECONDS && bytes <= MOST_BYTES),
    };
  },
);

keeps(
  {
    row: 18,
    promise:
      "tab asleep 8 h: what is wrong or missing after waking, against the database; documents loaded again",
    bar: "0",
    kind: "count",
    unavailable,
    timeoutMs: 180_000,
  },
  async () => {
    const { frozen, lid } = await sleep();
    const wrong = [...frozen.wrong, ...lid.wrong];
    return {
      figure: wrong.length === 0 ? "0" : `${wrong.length}: ${wrong.join("; ")}`,
      isKept: wrong.length === 0,
    };
  },
);

async function sleepThrough(): Promise<Slept> {
  const yard = await startWorkerYard({ gpuCount: GPU_COUNT });
  const tabs: SleepingTab[] = [];
  let web: WebProcess | null = null;
  try {
    const { runId, gpuUuids } = await startTraining(yard);
    web = await startWebProcess(yard, "one");
    const attempt = await yard.node.attempt(runId);
    const now = Date.now();
    const training = new Night(yard.node, attempt);
    const evening = { from: now - NIGHT_MS - EVENING_MS, to: now - NIGHT_MS, gpuUuids, logBytes: 100_000 };
    const lastSeen = await training.pass(evening);
    const open = async (tab: "charts" | "log") => {
      if (web === null) throw new Error("no web");
      const opened = await openSleepingTab(web, { path: `/runs/${runId}?tab=${tab}`, behindMs: NIGHT_MS });
      tabs.push(opened);
      await opened.page.getByText(lastSeen).first().waitFor();
      await opened.page.getByText("live", { exact: true }).waitFor();
      return opened;
    };
    const frozen = await open("charts");
    await frozen.page
      .getByRole("img", { name: /: newest / })
      .first()
      .waitFor();
    await frozen.freeze();
    web.proxy.cutNow();
    const lid = await open("log");
    await lid.closeLid();
    const closedAt = performance.now();
    const last = await training.pass({ from: now - NIGHT_MS, to: now, gpuUuids, logBytes: LOG_BYTES });
    // What is left of the closed tab's connections is its socket: the web ends idle ones after 5 s.
    await delay(Math.max(0, closedAt + 6_000 - performance.now()));
    web.proxy.strand();
    const wakened = { yard, web, attempt, last };
    const afterFrozen = await wakeFrozen(frozen, wakened);
    await frozen.close();
    await end(yard, runId);
    return { frozen: afterFrozen, lid: await wakeLid(lid, wakened) };
  } finally {
    for (const tab of tabs) await tab.close();
    await web?.stop();
    await yard.stop();
  }
}

/** A training on all of the node's GPUs that began half an hour before the night. */
async function startTraining({ node, start }: WorkerYard): Promise<{ runId: string; gpuUuids: string[] }> {
  const { prisma } = node.db;
  const gpuUuids = Array.from({ length: GPU_COUNT }, (_, n) => `GPU-00000000-0000-4000-8000-0000000000a${n}`);
  for (const [index, uuid] of gpuUuids.entries())
    await prisma.gpu.updateMany({ where: { nodeId: node.nodeId, index }, data: { uuid } });
  const { runId, stageId } = await node.startRun(ENOUGH);
  await prisma.stage.update({ where: { id: stageId }, data: { gpuCount: GPU_COUNT } });
  await start("one");
  const isRunning = async () => (await node.attempts(runId))[0]?.status === "running";
  await waitUntil(isRunning, "the training", 60_000);
  const { id } = await node.attempt(runId);
  const startedAt = new Date(Date.now() - NIGHT_MS - EVENING_MS);
  await prisma.attempt.update({ where: { id }, data: { startedAt } });
  return { runId, gpuUuids };
}

async function end({ node }: WorkerYard, runId: string): Promise<void> {
  const { outputDirectory } = await node.attempt(runId);
  writeFileSync(join(outputDirectory ?? "", "enough"), "");
  await waitUntil(async () => (await node.attempt(runId)).endedAt !== null, "the end", 60_000);
}

interface Waking {
  yard: WorkerYard;
  web: WebProcess;
  attempt: AttemptRow;
  /** Of the log. */
  last: string;
}

/** The training goes on: its charts, its GPUs and the end of its log. */
async function wakeFrozen(tab: SleepingTab, { yard, web, attempt, last }: Waking): Promise<Wakened> {
  const { db } = yard.node;
  const cards = await newestCards(db.pool, attempt.id);
  const answers = newestAnswers(tab);
  const woken = await measure(tab, web, tab.unfreeze, { status: "running", last, cards, isLive: true });
  const samples = SamplesResult.parse(answers.samples());
  const scalars = ScalarsResult.parse(answers.scalars());
  const newest = await db.pool.query<{ at: number }>(
    "SELECT extract(epoch FROM max(sampled_at))::float8 * 1000 AS at FROM telemetry_tick",
  );
  const behindMs = (newest.rows[0]?.at ?? 0) - (samples.times.at(-1) ?? 0);
  return {
    ...woken,
    wrong: [
      ...woken.wrong,
      ...gapsOf(samples),
      ...holesOf(scalars),
      ...(behindMs > MOST_BEHIND_MS ? [`telemetry ${Math.round(behindMs / 1000)} s behind`] : []),
    ],
  };
}

/** The training has ended meanwhile, and its log is complete. */
function wakeLid(tab: SleepingTab, { web, last }: Waking): Promise<Wakened> {
  return measure(tab, web, tab.openLid, { status: "succeeded", last, cards: [], isLive: false });
}

interface Shown {
  status: string;
  last: string;
  /** Titles of charts with what has to stand in their cards. */
  cards: { title: string; texts: string[] }[];
  /** Whether readings come by the socket. */
  isLive: boolean;
}

async function measure(
  tab: SleepingTab,
  web: WebProcess,
  wake: () => Promise<void>,
  shown: Shown,
): Promise<Wakened> {
  const before = web.proxy.bytesToClients();
  const startedAt = performance.now();
  await wake();
  const missing = await untilShown(tab, shown, startedAt + WAKING_TIMEOUT_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  // What still comes after the page is right counts too.
  await delay(Math.max(0, startedAt + COUNTED_MS - performance.now()));
  const bytes = web.proxy.bytesToClients() - before;
  const wrong = tab.loads() === 1 ? missing : [...missing, `${tab.loads() - 1} documents loaded again`];
  return { seconds, bytes, wrong };
}

/** Resolves to what is not shown in the end. */
async function untilShown({ page }: SleepingTab, shown: Shown, deadline: number): Promise<string[]> {
  for (;;) {
    const missing = await page.evaluate(missingOnPage, shown);
    if (missing.length === 0 || performance.now() > deadline) return missing;
    await delay(20);
  }
}

/** Runs in the page. */
function missingOnPage({ status, last, cards, isLive }: Shown): string[] {
  const textOf = (element: Element | null | undefined) => element?.textContent ?? "";
  const title = (section: Element) => textOf(section.querySelector("h2, h3"));
  const sections = [...document.querySelectorAll("section")];
  const missing: string[] = [];
  if (!textOf(document.querySelector("h1")?.nextElementSibling).startsWith(status))
    missing.push(`status ${status}`);
  if (!textOf(document.querySelector("main")).includes(last)) missing.push("newest line of the log");
  for (const card of cards) {
    const text = textOf(sections.find((section) => title(section) === card.title));
    for (const wanted of card.texts) if (!text.includes(wanted)) missing.push(`${card.title}: ${wanted}`);
  }
  const indicator = [...document.querySelectorAll("[role=status]")].map(textOf).join(" ");
  if (isLive && !/live.*\b[0-3](?:\.\d+)? ?s/.test(indicator)) missing.push(`a live reading (${indicator})`);
  return missing;
}

/** What stands in the card of each series, by the database. */
async function newestCards(pool: pg.Pool, attemptId: string): Promise<Shown["cards"]> {
  const { rows } = await pool.query<{ tag: string; count: number; value: number }>(
    `SELECT t.tag, count(*)::int AS count, (array_agg(s.value ORDER BY s.step DESC))[1] AS value
     FROM scalar_tag t JOIN scalar s ON s.tag_id = t.id WHERE t.attempt_id = $1 GROUP BY t.id`,
    [attemptId],
  );
  return rows.map(({ tag, count, value }) => {
    const { label, isSigned } = tagLook(tag);
    return {
      title: label,
      texts: [isSigned ? formatSigned(value) : formatScalar(value), `${formatCount(count)} points`],
    };
  });
}

/** What the page was last answered about its GPUs and its scalars: what it draws. */
function newestAnswers({ page }: SleepingTab): Record<"samples" | "scalars", () => unknown> {
  const bodies = new Map<string, unknown>();
  page.on("response", (response: Response) => {
    const name = /\/(samples|scalars)\?/.exec(response.url())?.[1];
    if (name === undefined) return;
    response.json().then(
      (body) => bodies.set(name, body),
      () => {},
    );
  });
  return { samples: () => bodies.get("samples"), scalars: () => bodies.get("scalars") };
}

/** Times without a reading of a GPU: there is one every two seconds. */
function gapsOf({ times, gpus, bucketSeconds, from, to }: SamplesResult): string[] {
  const wrong: string[] = [];
  const ends = [Date.parse(from), ...times, Date.parse(to)];
  const most = Math.max(2 * bucketSeconds, 15) * 1000;
  const gaps = ends.filter((at, n) => at - (ends[n - 1] ?? at) > most).length;
  if (gaps > 0) wrong.push(`${gaps} gaps of ${times.length} points of telemetry`);
  if (gpus.length !== GPU_COUNT) wrong.push(`${gpus.length} GPUs`);
  const missing = gpus
    .flatMap(({ values }) => values.utilizationGpuPercent ?? [])
    .filter((value) => value === null);
  if (missing.length > 0) wrong.push(`${missing.length} readings missing`);
  return wrong;
}

/** Steps that were left out: a bucket gives at least one point. */
function holesOf({ series }: ScalarsResult): string[] {
  return series.flatMap(({ tag, steps, pointCount }) => {
    const most = Math.max(1, (4 * pointCount) / steps.length);
    const holes = steps.filter((step, n) => step - (steps[n - 1] ?? 0) > most).length;
    return holes === 0 ? [] : [`${holes} gaps in ${tag}`];
  });
}
