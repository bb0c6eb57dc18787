// npm start
import { loadSettings } from "./load-settings.mjs";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare();
loadSettings();
await import("../../dist/index.mjs");
