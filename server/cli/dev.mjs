// npm run dev: the server in development mode, bundled again and restarted when a file of server/ changes. Pages reload by themselves.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "./load-settings.mjs";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare({ upTo: "bundles" });
loadSettings();
const { bundle } = await import("./bundle.mjs");
const QUIET_MS = 200;
/** A start that ends sooner has failed, and waiting for a change would hide that. */
const FIRST_START_MS = 10_000;
const startedAt = Date.now();
let child = null;
let timer = null;
let isStopping = false;

function start() {
  const started = spawn(process.execPath, [join(ROOT, "dist", "index.mjs")], {
    // A session of its own, so that each signal reaches it once, from here; the channel tells it when we are gone.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "development" },
  });
  child = started;
  started.once("exit", (code, signal) => {
    child = null;
    if (isStopping) process.exit(code ?? 0);
    if (code !== 0 && Date.now() - startedAt < FIRST_START_MS) process.exit(code ?? 1);
    if (signal !== null || code !== 0) process.stderr.write("  The server ended; waiting for a change …\n");
  });
}

async function rebuild() {
  try {
    await bundle(ROOT);
  } catch {
    // esbuild has printed what is wrong; the running server stays until the next change.
    return;
  }
  if (child === null) return start();
  child.once("exit", start);
  child.kill("SIGTERM");
}

watch(join(ROOT, "server"), { recursive: true }, (_event, file) => {
  if (!file || /generated|\.test\.ts$/.test(file)) return;
  clearTimeout(timer);
  timer = setTimeout(rebuild, QUIET_MS);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    isStopping = true;
    if (child === null) process.exit(0);
    child.kill(signal);
  });
}
start();
