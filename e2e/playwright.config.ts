import { defineConfig } from "@playwright/test";
import { CHROMIUM_OPTIONS } from "./fixtures/chromium-options";

/**
 * The production build in a real Chromium, against one server on a data directory of its own. One worker: a practice run
 * takes both cores of a small machine. Specs run in the order of their paths, so that those of main-job/ leave behind the
 * run that those of pages/ look at.
 */
export default defineConfig({
  testDir: ".",
  globalSetup: "./fixtures/global-setup",
  outputDir: "../test-results/browser",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 30_000, toPass: { timeout: 60_000 } },
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: "../test-results/playwright.json" }]],
  use: {
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    reducedMotion: "reduce",
    // Without the film, which costs a good part of two cores; the last picture is taken on failure.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: true, sources: true },
    screenshot: "only-on-failure",
    launchOptions: CHROMIUM_OPTIONS,
  },
});
