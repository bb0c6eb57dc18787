import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A `date` that says another time than it is, for whatever runs on a node; the clock of the kernel stays. */
export interface WrongClock {
  /** For PATH, before everything else. */
  directory: string;
  /** Seconds that are added from now on. */
  set: (seconds: number) => void;
}

export function makeWrongClock(parent: string): WrongClock {
  const directory = join(parent, "wrong-clock");
  mkdirSync(directory, { recursive: true });
  const offset = join(directory, "offset");
  const program = join(directory, "date");
  writeFileSync(program, `#!/bin/sh\nexec /bin/date -d "$(cat '${offset}') seconds" "$@"\n`);
  chmodSync(program, 0o755);
  const set = (seconds: number) => writeFileSync(offset, String(seconds));
  set(0);
  return { directory, set };
}
