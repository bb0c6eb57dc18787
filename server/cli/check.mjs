// npm run check: every rule that a tool can hold. The same before a push and in CI; prints one line a step.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { checkPaths, checkSizes, checkWords, trackedFiles } from "./check-files.mjs";
import { prepare, ROOT } from "./prepare.mjs";
import { ensureTool } from "./system-tools.mjs";

process.chdir(ROOT);

const bin = (name) => join(ROOT, "node_modules", ".bin", name);
const command = (name, file, args) => ({
  name,
  run: () => {
    const result = spawnSync(file, args, {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, NO_COLOR: "1" },
    });
    return result.status === 0
      ? null
      : `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`.trim() || "failed";
  },
});

/** Each step returns null when it holds, or what is wrong. */
function steps() {
  const scripts = trackedFiles().filter((file) => file.endsWith(".sh") || file === ".ci/run");
  return [
    command("format and lint", bin("biome"), [
      "ci",
      "--colors=off",
      "--diagnostic-level=warn",
      "--error-on-warnings",
      ".",
    ]),
    command("types", bin("tsc"), ["--noEmit", "-p", "."]),
    command("who may import whom", bin("depcruise"), [
      "--config",
      ".dependency-cruiser.cjs",
      "app",
      "components",
      "server",
      "bench",
      "e2e",
    ]),
    command("dead code", bin("knip"), ["--no-progress"]),
    { name: "shell scripts", run: () => shellcheck(scripts) },
    command("schema and migrations agree", bin("tsx"), ["server/cli/new-migration.ts", "--check"]),
    { name: "file sizes", run: checkSizes },
    { name: "house words", run: checkWords },
    { name: "paths in documents exist", run: checkPaths },
  ];
}

function shellcheck(files) {
  const tool = ensureTool("shellcheck");
  if (tool.path === null) return { skipped: tool.reason };
  return command("shell scripts", tool.path, [
    "-s",
    "sh",
    "-S",
    "warning",
    ...files.filter((file) => file !== ".ci/run"),
  ]).run();
}

/** Runs all steps, says how each went, and counts. */
export function check(print = (line) => process.stdout.write(`${line}\n`)) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, run } of steps()) {
    const startedAt = Date.now();
    const problem = run();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (problem === null) {
      counts.passed += 1;
      print(`ok      ${name} (${seconds} s)`);
    } else if (typeof problem === "object") {
      counts.skipped += 1;
      print(`skipped ${name}: ${problem.skipped}`);
    } else {
      counts.failed += 1;
      print(`FAILED  ${name}\n${problem}\n`);
    }
  }
  return counts;
}

if (process.argv[1]?.endsWith("check.mjs")) {
  await prepare({ upTo: "client" });
  const counts = check();
  process.exit(counts.failed === 0 ? 0 : 1);
}
