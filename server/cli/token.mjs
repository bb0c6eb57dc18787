// npm run token -- --name X
import { loadSettings } from "./load-settings.mjs";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare({ upTo: "bundles" });
loadSettings();
await import("../../dist/token.mjs");
