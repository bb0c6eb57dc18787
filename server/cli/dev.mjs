// npm run dev: the server in development mode, bundled again and restarted when a file of server/ changes. Pages reload by themselves.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare({ upTo: "bundles" });
const { bundle } = await import("./bundle.mjs");
let child = null;
let timer = null;

function start() {
  child = spawn(process.execPath, [join(ROOT, "dist", "index.mjs")], {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "development" },
  });
}

async function rebuild() {
  try {
    await bundle(ROOT);
  } catch {
    // esbuild has printed what is wrong; the running server stays until the next change.
    return;
  }
  const old = child;
  old?.once("exit", start);
  old?.kill("SIGTERM");
}

watch(join(ROOT, "server"), { recursive: true }, (_event, file) => {
  if (!file || /generated|\.test\.ts$/.test(file)) return;
  clearTimeout(timer);
  timer = setTimeout(rebuild, 200);
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    child?.once("exit", (code) => process.exit(code ?? 0));
    child?.kill("SIGTERM");
  });
}
start();
