// npm run demo [-- --exit] [-- --json]
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare();
await import("../../dist/demo.mjs");
