import type { RenderedCommand } from "../contracts/recipes";
import { HIDDEN_VALUE, isSecretName } from "../contracts/secrets";
import { quoteArgument, quotePath } from "./quote-argv";

/** The command as one would type it, a flag a line. Values of secret variables are left out. */
export function renderPreview(command: RenderedCommand): string {
  const env = Object.entries(command.env).map(
    ([name, value]) => `${name}=${quotePath(isSecretName(name) ? HIDDEN_VALUE : value)}`,
  );
  const path = command.pathPrepend.map((directory) => `PATH=${quotePath(directory)}:"$PATH"`);
  const lines = [[...env, ...path, ...launcherOf(command.argv)].join(" "), ...flagLines(command.argv)];
  return `cd ${quotePath(command.workingDirectory)}\n${lines.join(" \\\n  ")}`;
}

function scriptIndex(argv: readonly string[]): number {
  return argv.findIndex((word) => word.endsWith(".py"));
}

/** Up to and with the program's file, on one line. */
export function launcherOf(argv: readonly string[]): string[] {
  return argv.slice(0, scriptIndex(argv) + 1).map(quoteArgument);
}

/** The rest, one line a flag with its values. */
export function flagLines(argv: readonly string[]): string[] {
  const lines: string[][] = [];
  for (const word of argv.slice(scriptIndex(argv) + 1)) {
    const line = lines.at(-1);
    if (word.startsWith("--") || line === undefined) lines.push([word]);
    else line.push(quotePath(word));
  }
  return lines.map((line) => line.join(" "));
}
