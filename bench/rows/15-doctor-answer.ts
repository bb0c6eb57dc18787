import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { sshdUnavailable } from "../../server/testing/sshd";
import { browserUnavailable } from "../bench-browser";
import { type BenchYard, withBenchYard } from "../bench-product";
import { absoluteFigure, type BenchRow, type Figure, milliseconds, unmeasuredFigure } from "../bench-row";
import { median, percentile } from "../spread";
import { readAnswers, timeAnswers, timeBareFetch } from "../time-answers";

const KEYS = 200;
const TARGET_MS = 100;
/** A small reply of the same server. */
const BARE_PATH = "/api/v1/health";

/** A field whose finding names the value that was typed, whatever digit comes next. */
interface TypedField {
  tab: string;
  label: string;
  /** What stands in it before the first key that counts. */
  before: string;
  /** Keys before it begins anew. */
  keys: number;
}
const LEARNING_RATE: TypedField = {
  tab: "Supervised fine-tuning",
  label: "Learning rate",
  before: "0.02",
  keys: 8,
};
const FIELDS: readonly TypedField[] = [
  LEARNING_RATE,
  { tab: "Reward model", label: "Padding tokens at the start", before: "2", keys: 8 },
  { tab: "RLHF, PPO", label: "Padding tokens at the start", before: "3", keys: 9 },
];

/** As fast typing goes, about 80 words a minute, and in step with nothing. */
const pauseMs = (index: number) => 110 + ((index * 53) % 90);

async function typeInto(page: Page, field: TypedField, from: number): Promise<void> {
  await page.getByRole("tab", { name: new RegExp(`^${field.tab}`) }).click();
  const input = page.getByLabel(field.label, { exact: true });
  await input.fill(field.before);
  await input.press("End");
  await delay(500);
  for (let index = 0; index < field.keys; index += 1) {
    // No 0: a number that ends with one may be written shorter.
    await page.keyboard.press(String(1 + ((from + index) % 9)));
    await delay(pauseMs(from + index));
  }
}

async function measure({ product, nodeId }: BenchYard): Promise<Figure[]> {
  const page = await product.context.newPage();
  await page.goto(`/runs/new?node=${nodeId}&fields=all`);
  await page.getByText("exactly what runs on the node").waitFor();
  await typeInto(page, { ...LEARNING_RATE, keys: 3 }, 0);
  await timeAnswers(page, "Before it starts");
  const bare: number[] = [];
  for (let typed = 0; typed < KEYS; ) {
    for (const field of FIELDS) {
      const keys = Math.min(field.keys, KEYS - typed);
      await typeInto(page, { ...field, keys }, typed);
      typed += keys;
      for (let n = 0; n < keys; n += 1) bare.push(await timeBareFetch(page, BARE_PATH));
    }
  }
  await delay(2000);
  const { answered, waiting } = await readAnswers(page);
  if (answered.length !== KEYS)
    throw new Error(`${answered.length} of ${KEYS} keys were answered, not ${waiting.join(", ")}`);
  const inDom = answered.map(({ inDomMs }) => inDomMs);
  const painted = answered.map(({ paintedMs }) => paintedMs);
  return [
    figureOf("key → its findings in the DOM", inDom, bare),
    figureOf("key → its findings painted", painted, bare),
  ];
}

function figureOf(what: string, delays: readonly number[], bare: readonly number[]): Figure {
  const text = (values: readonly number[]) =>
    `p95 ${milliseconds(percentile(values, 0.95))} (p50 ${milliseconds(median(values))}, at most ${milliseconds(Math.max(...values))})`;
  const figure = absoluteFigure({
    what: `${what}, ${KEYS} keys in ${FIELDS.length} fields`,
    figure: text(delays),
    baseline: `bare fetch + paint ${text(bare)}`,
    target: `p95 < ${TARGET_MS} ms`,
    isHit: percentile(delays, 0.95) < TARGET_MS,
  });
  return { ...figure, ratio: `${(percentile(delays, 0.95) / percentile(bare, 0.95)).toFixed(2)} ×` };
}

export const row: BenchRow = {
  number: 15,
  title: "doctor answer in the form",
  run: async () => {
    const why = sshdUnavailable ?? browserUnavailable;
    if (why !== null) return [unmeasuredFigure("key → findings", why)];
    return withBenchYard({ readingMs: 1000 }, measure);
  },
};
