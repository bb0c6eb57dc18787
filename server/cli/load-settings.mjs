// Settings from the file .env of the project; what the environment already says wins.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./prepare.mjs";

export function loadSettings() {
  const file = join(ROOT, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
