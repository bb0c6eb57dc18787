// npm run bench [-- --row N]: ratios against a baseline in the same run.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare();
const tsx = join(ROOT, "node_modules", ".bin", "tsx");
const result = spawnSync(tsx, ["bench/index.ts", ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(result.status ?? 1);
