import { renameSync, writeFileSync } from "node:fs";

/** Private to us (0600), and old or new but never half: also when we are killed or the disk is full. */
export function writeAtomically(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
