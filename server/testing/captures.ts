import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** Real outputs kept outside the repository: TRAINYARD_CAPTURES_DIR, or ../shared/captures beside the checkout. */
const ROOT = process.env.TRAINYARD_CAPTURES_DIR ?? resolve(import.meta.dirname, "../../../shared/captures");

/** Absolute path of a capture, or null when this machine has none. */
export function findCapture(path: string): string | null {
  const file = resolve(ROOT, path);
  return existsSync(file) ? file : null;
}
