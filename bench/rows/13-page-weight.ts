import type { Page } from "@playwright/test";
import { PAGES, type PageToLookAt } from "../../e2e/fixtures/every-page";
import { type FinishedRun, finishedRun } from "../../e2e/fixtures/finished-run";
import { kibOf, type PageWeight, weighPage } from "../../e2e/fixtures/weigh-page";
import { browserUnavailable } from "../bench-browser";
import { type BenchProduct, openBenchProduct } from "../bench-product";
import { type BenchRow, type Figure, ratioFigure, unmeasuredFigure } from "../bench-row";
import { startHelloPage } from "../hello-page";

const CHART_PAGES = ["run, charts", "node", "evaluation"];
const OTHER_PAGES = ["yard", "runs", "new run", "nodes", "add node", "evaluations"];
const SHELL_LIMIT = 1.3;
const CHARTS_LIMIT = 1.9;

const byName = (name: string): PageToLookAt => {
  const page = PAGES.find((candidate) => candidate.name === name);
  if (page === undefined) throw new Error(`no page ${name}`);
  return page;
};

interface Weights {
  hello: PageWeight;
  signIn: PageWeight;
  pages: Map<string, PageWeight>;
}

async function weighAll(product: BenchProduct, helloOrigin: string): Promise<Weights> {
  const browser = product.context.browser();
  if (!browser) throw new Error("the browser is gone");
  const options = { baseURL: product.origin, viewport: { width: 1440, height: 900 } };
  const hello = await weighPage(browser, options, (page) => page.goto(helloOrigin));
  const signIn = await weighPage(browser, options, (page) => page.goto("/sign-in"));
  const signedIn = { ...options, storageState: await product.context.storageState() };
  const finished = await finishedRun(product.api);
  const pages = new Map<string, PageWeight>();
  for (const name of [...CHART_PAGES, ...OTHER_PAGES]) {
    pages.set(name, await weighPage(browser, signedIn, (tab) => show(tab, byName(name), finished)));
  }
  return { hello, signIn, pages };
}

/** What stands on a page once its chart library has come. */
const CHART: Readonly<Record<string, string>> = { "run, charts": ".uplot", node: ".recharts-surface" };

/** Down to its end, so that what comes when it is seen has come. */
async function show(tab: Page, page: PageToLookAt, finished: FinishedRun): Promise<void> {
  await tab.goto(page.path(finished));
  await tab.waitForLoadState("networkidle");
  await tab.mouse.wheel(0, 20_000);
  const chart = CHART[page.name];
  if (chart !== undefined) await tab.locator(chart).first().waitFor();
}

/** What every page has: the files that all of them load. */
function shellOf(pages: readonly PageWeight[]): PageWeight {
  const [first = new Map<string, number>(), ...others] = pages;
  return new Map([...first].filter(([url]) => others.every((page) => page.has(url))));
}

function figuresOf({ hello, signIn, pages }: Weights): Figure[] {
  const baseline = `Next's hello page ${kibOf(hello).toFixed(0)} KiB`;
  const figure = (what: string, weight: PageWeight, atMost: number) =>
    ratioFigure({
      what,
      figure: `${kibOf(weight).toFixed(0)} KiB`,
      baseline,
      ratio: kibOf(weight) / kibOf(hello),
      target: { atMost },
    });
  const weightOf = (name: string): PageWeight => pages.get(name) ?? new Map();
  const [heaviest = ""] = OTHER_PAGES.toSorted((one, other) => kibOf(weightOf(other)) - kibOf(weightOf(one)));
  return [
    figure("sign-in", signIn, SHELL_LIMIT),
    figure("shell: what every page behind it loads", shellOf([...pages.values()]), SHELL_LIMIT),
    ...CHART_PAGES.map((name) => figure(name, weightOf(name), CHARTS_LIMIT)),
    figure(`heaviest of the others: ${heaviest}`, weightOf(heaviest), CHARTS_LIMIT),
  ];
}

export const row: BenchRow = {
  number: 13,
  title: "JavaScript that a page transfers, gzip, charts included",
  run: async () => {
    if (browserUnavailable !== null) return [unmeasuredFigure("JavaScript", browserUnavailable)];
    const hello = await startHelloPage();
    try {
      const product = await openBenchProduct({ hasPractice: true });
      try {
        return figuresOf(await weighAll(product, hello.origin));
      } finally {
        await product.stop();
      }
    } finally {
      await hello.stop();
    }
  },
};
