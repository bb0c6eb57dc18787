import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { open, PAGES } from "../fixtures/every-page";
import { expect, test } from "../fixtures/test";
import { kibOf, weighPage } from "../fixtures/weigh-page";

const root = join(import.meta.dirname, "..", "..");

/** Of the framework's own scripts. */
const LIMIT = 1.95;
/** recharts, with which the planner draws, alone weighs 0.7 of them; zod, which checks forms, 0.27. */
const LIMIT_BY_PAGE: Readonly<Record<string, number>> = {
  planner: 2.25,
  "add node": 2.15,
  "new run": 2.15,
  "new run, evaluation": 2.15,
};

/** What Next itself brings to every page. */
function frameworkKiB(): number {
  const manifest = JSON.parse(readFileSync(join(root, ".next/build-manifest.json"), "utf8"));
  const files: string[] = manifest.rootMainFiles;
  return (
    files.reduce((sum, file) => sum + gzipSync(readFileSync(join(root, ".next", file))).length, 0) / 1024
  );
}

test("no page grows past its weight in scripts", async ({ browser, product, finished }) => {
  const framework = frameworkKiB();
  const options = { baseURL: product.origin, storageState: product.adminState };
  for (const page of PAGES) {
    const weight = await weighPage(browser, options, (tab) => open(tab, page, finished));
    const limit = LIMIT_BY_PAGE[page.name] ?? LIMIT;
    expect
      .soft(kibOf(weight) / framework, `${page.name}, of the framework's own scripts`)
      .toBeLessThan(limit);
  }
});
