import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { RunView } from "../../server/contracts/runs";
import { isTerminal } from "../../server/contracts/statuses";
import { waitUntil } from "../../server/testing/processes";
import { sshdUnavailable, type TestSshd } from "../../server/testing/sshd";
import { browserUnavailable } from "../bench-browser";
import { type BenchYard, withBenchYard } from "../bench-product";
import {
  absoluteFigure,
  type BenchRow,
  type Figure,
  milliseconds,
  ratioFigure,
  unmeasuredFigure,
} from "../bench-row";
import { median, percentile } from "../spread";
import { sshCommand } from "../ssh-command";

const CLICKS = 15;

/** A fresh connection and login, as a person would type it. */
async function coldSsh(sshd: TestSshd, keyFile: string): Promise<number> {
  const started = performance.now();
  const child = spawn("ssh", sshCommand(sshd, keyFile, ["true"]), { stdio: "ignore" });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`ssh ended with ${code}`);
  return performance.now() - started;
}

interface Click {
  toProcessMs: number;
  answerMs: number;
}

/** Fills the form in, presses Start, and waits until the run is over, so that the next click finds the node idle. */
async function pressStart(page: Page, { product, node, nodeId }: BenchYard): Promise<Click> {
  await page.goto(`/runs/new?node=${nodeId}`);
  const button = page.getByRole("button", { name: "Start RLHF run" });
  await button.waitFor();
  const known = node.starts().length;
  const pressed = page.evaluate(
    () => new Promise<number>((done) => addEventListener("click", () => done(Date.now()), { capture: true })),
  );
  const answered = page.waitForResponse(
    (response) => response.request().method() === "POST" && response.url().endsWith("/api/v1/runs"),
  );
  await button.click();
  const response = await answered;
  const { id } = RunView.parse(await response.json());
  await waitUntil(() => node.starts().length > known, "the training to start");
  const first = node.starts()[known];
  await waitUntil(
    async () => isTerminal((await product.api.get(`/runs/${id}`, RunView)).status),
    "the run to end",
    60_000,
  );
  return {
    toProcessMs: (first?.at ?? Number.NaN) - (await pressed),
    answerMs: response.request().timing().responseEnd,
  };
}

async function measure(yard: BenchYard): Promise<Figure[]> {
  const { node, product } = yard;
  const keyFile = join(node.sshd.homeDirectory, "bench-key");
  writeFileSync(keyFile, node.sshd.privateKey, { mode: 0o600 });
  const page = await product.context.newPage();
  const clicks: Click[] = [];
  const logins: number[] = [];
  // In turn, so that noise of the machine meets both; the first round warms up.
  for (let round = 0; round <= CLICKS; round += 1) {
    const loginMs = await coldSsh(node.sshd, keyFile);
    const click = await pressStart(page, yard);
    if (round === 0) continue;
    logins.push(loginMs);
    clicks.push(click);
  }
  const starts = clicks.map(({ toProcessMs }) => toProcessMs);
  const answers = clicks.map(({ answerMs }) => answerMs);
  return [
    ratioFigure({
      what: `median of ${CLICKS}`,
      figure: `${milliseconds(median(starts))} (p90 ${milliseconds(percentile(starts, 0.9))})`,
      baseline: `cold ssh HOST true ${milliseconds(median(logins))} (p90 ${milliseconds(percentile(logins, 0.9))})`,
      ratio: median(starts) / median(logins),
      target: { atMost: 0.5 },
    }),
    absoluteFigure({
      what: "answer to the click",
      figure: `${milliseconds(median(answers))} (p90 ${milliseconds(percentile(answers, 0.9))})`,
      target: "≤ 100 ms",
      isHit: median(answers) <= 100,
    }),
  ];
}

export const row: BenchRow = {
  number: 2,
  title: "click on Start to the training's process on the node",
  run: async () => {
    const why = sshdUnavailable ?? browserUnavailable;
    if (why !== null) return [unmeasuredFigure("click to process", why)];
    return withBenchYard({ readingMs: 1000 }, measure);
  },
};
