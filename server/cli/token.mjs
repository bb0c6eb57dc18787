// npm run token -- --name X
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare({ upTo: "bundles" });
await import("../../dist/token.mjs");
