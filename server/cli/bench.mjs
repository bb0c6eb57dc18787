// npm run bench [-- --only N]: ratios against a baseline in the same run.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, ROOT } from "./prepare.mjs";
import { ensureTool } from "./system-tools.mjs";

process.chdir(ROOT);
await prepare();
const tsx = join(ROOT, "node_modules", ".bin", "tsx");
ensureTool("sshd");
const chromium = ensureTool("chromium");
const env = {
  ...process.env,
  CHROMIUM_PATH: chromium.path ?? "",
  TRAINYARD_BENCH_NO_CHROMIUM: chromium.reason,
};
const result = spawnSync(tsx, ["bench/index.ts", ...process.argv.slice(2)], { stdio: "inherit", env });
process.exit(result.status ?? 1);
