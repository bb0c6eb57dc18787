import type { RenderedCommand } from "../../contracts/recipes";
import { quoteArgv } from "../ssh";
import { expandHome } from "./attempt-paths";

export interface CommandFiles {
  /** A sh program that becomes the training. Holds no value of the environment. */
  cmd: string;
  /** NAME='value' lines, sourced with `set -a`; secrets live here alone. */
  env: string;
}

/**
 * The two files that an attempt is started from. Python's output is unbuffered unless somebody chose otherwise:
 * a log that arrives in blocks of 8 KiB is not live.
 */
export function renderCommandFiles(command: RenderedCommand, homeDirectory: string): CommandFiles {
  const path = command.pathPrepend.map((directory) => quoteArgv([expandHome(directory, homeDirectory)]));
  const cmd = [
    `cd ${quoteArgv([expandHome(command.workingDirectory, homeDirectory)])} || exit 125`,
    ...(path.length === 0 ? [] : [`PATH=${path.join(":")}:$PATH`, "export PATH"]),
    `exec ${quoteArgv(command.argv)}`,
  ];
  const env = Object.entries({ PYTHONUNBUFFERED: "1", ...command.env });
  return {
    cmd: `${cmd.join("\n")}\n`,
    env: env.map(([name, value]) => `${name}=${quoteArgv([value])}\n`).join(""),
  };
}
