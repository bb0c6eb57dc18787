// npm start
import { prepare, ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await prepare();
await import("../../dist/index.mjs");
