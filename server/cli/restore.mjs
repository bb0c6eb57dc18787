// npm run restore -- FILE [--check] [--replace [--discard]]
import { loadSettings } from "./load-settings.mjs";
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare({ upTo: "bundles" });
loadSettings();
await import("../../dist/restore.mjs");
