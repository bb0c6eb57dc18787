// npm run test:faults [-- --short] [--seed N] [--only NAME …]: breaks everything that can break, and counts what was lost.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { outcomesText, readOutcomes, writeDocument } from "./faults-report.mjs";
import { prepare, ROOT } from "./prepare.mjs";
import { ensureTool } from "./system-tools.mjs";

const options = {
  short: { type: "boolean" },
  seed: { type: "string" },
  only: { type: "string", multiple: true },
};

export function runFaults({ size, seed, only = [] }) {
  const results = join(ROOT, "test-results");
  mkdirSync(results, { recursive: true });
  const report = join(results, "faults.jsonl");
  rmSync(report, { force: true });
  const summary = join(results, "faults.json");
  const chromium = ensureTool("chromium");
  const { status } = spawnSync(
    join(ROOT, "node_modules", ".bin", "vitest"),
    [
      "run",
      "--mode",
      "faults",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${summary}`,
      ...only,
    ],
    {
      stdio: "inherit",
      env: {
        ...process.env,
        TRAINYARD_FAULTS_SIZE: size,
        TRAINYARD_FAULTS_SEED: String(seed),
        TRAINYARD_FAULTS_REPORT: report,
        CHROMIUM_PATH: chromium.path ?? "",
      },
    },
  );
  const outcomes = readOutcomes(report);
  process.stdout.write(`\n${outcomesText(outcomes)}\n`);
  return { status: status ?? 1, outcomes, summary };
}

async function main() {
  const { values } = parseArgs({ options });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("--seed takes a whole number of 0 or more");
  const size = values.short ? "short" : "long";
  process.chdir(ROOT);
  await prepare();
  ensureTool("sshd");
  ensureTool("python3");
  const startedAt = new Date();
  const { status, outcomes } = runFaults({ size, seed, only: values.only });
  process.stdout.write(`\nseed ${seed}, ${size}\n`);
  if (size === "long") writeDocument(outcomes, { seed, startedAt, isWhole: !values.only });
  process.exit(status);
}

if (process.argv[1] === import.meta.filename) await main();
