// npm run demo [-- --exit] [-- --json]
import { loadSettings } from "./load-settings.mjs";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare();
loadSettings();
await import("../../dist/demo.mjs");
