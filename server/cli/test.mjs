// npm test: check, then unit, database and ssh tests, then the browser. Last line: N passed, N failed, N skipped.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { check } from "./check.mjs";
import { prepare, ROOT } from "./prepare.mjs";
import { ensureTool } from "./system-tools.mjs";
import { runFaults } from "./test-faults.mjs";

process.chdir(ROOT);
await prepare();

const results = join(ROOT, "test-results");
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const add = (counts) => {
  for (const key of Object.keys(total)) total[key] += counts[key];
};
const title = (text) => process.stdout.write(`\n=== ${text}\n`);

title("check");
add(check());

title("unit, database and ssh tests");
const sshd = ensureTool("sshd");
if (sshd.path === null) process.stdout.write(`${sshd.reason}\n`);
ensureTool("busybox");
const python = ensureTool("python3");
if (python.path === null) process.stdout.write(`${python.reason}\n`);
add(runVitest());

title("fault laboratory, short");
add(runShortFaults());

title("browser tests");
add(runPlaywright());

process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

function runVitest() {
  const report = join(results, "vitest.json");
  const status = spawn("vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return vitestCounts(readJson(report), status);
}

/** The same faults every time: a night's laboratory draws new ones. */
function runShortFaults() {
  const { summary, status } = runFaults({ size: "short", seed: 1 });
  return vitestCounts(readJson(summary), status);
}

function vitestCounts(summary, status) {
  if (summary === null) return { passed: 0, failed: 1, skipped: 0 };
  const counts = {
    passed: summary.numPassedTests,
    failed: summary.numFailedTests,
    skipped: summary.numPendingTests + (summary.numTodoTests ?? 0),
  };
  // A file that could not even be loaded, or an error outside of any test, fails the run without failing a test.
  if (status !== 0 && counts.failed === 0) counts.failed = Math.max(1, summary.numFailedTestSuites ?? 0);
  return counts;
}

function runPlaywright() {
  const chromium = ensureTool("chromium");
  if (chromium.path === null) {
    process.stdout.write(`skipped: ${chromium.reason}\n`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const report = join(results, "playwright.json");
  const status = spawn("playwright", ["test", "--config", "e2e/playwright.config.ts"], {
    CHROMIUM_PATH: chromium.path,
  });
  const stats = readJson(report)?.stats;
  if (!stats) return { passed: 0, failed: 1, skipped: 0 };
  const counts = { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed > 0)
    process.stdout.write(
      "traces, screenshots and server logs: test-results/browser/ (npx playwright show-trace FILE)\n",
    );
  return counts;
}

function spawn(name, args, env = {}) {
  const file = join(ROOT, "node_modules", ".bin", name);
  return spawnSync(file, args, { stdio: "inherit", env: { ...process.env, ...env } }).status;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}
