import { expect, test } from "vitest";
import { scriptFileName } from "./script-file-name";

test.each([
  ["OPT-1.3B on 2 × A30", "opt-1.3b-on-2-a30.sh"],
  ["../../etc/passwd", "etc-passwd.sh"],
  ["学習", "run.sh"],
  ["", "run.sh"],
])("%j is saved as %s", (name, file) => expect(scriptFileName(name)).toBe(file));
