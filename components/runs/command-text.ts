import type { RenderedCommand } from "@/server/contracts/recipes";

const SAFE = /^[A-Za-z0-9_@%+=:,./~-]+$/;

/** For reading and copying: what a shell would need to do the same. The node gets argv, never this text. */
export function commandText(command: RenderedCommand): string {
  const lines = [`cd ${quotePath(command.workingDirectory)}`];
  if (command.pathPrepend.length > 0)
    lines.push(`export PATH=${command.pathPrepend.map(quotePath).join(":")}:"$PATH"`);
  const env = Object.entries(command.env).map(([name, value]) => `${name}=${quote(value)} \\`);
  return [...lines, ...env, argvText(command.argv)].join("\n");
}

/** One flag a line, and the program on its own: long commands are compared flag by flag. */
function argvText(argv: readonly string[]): string {
  const lines: string[] = [];
  for (const argument of argv) {
    const startsLine = argument.startsWith("-") || argument.endsWith(".py") || lines.length === 0;
    if (startsLine) lines.push(quote(argument));
    else lines[lines.length - 1] += ` ${quote(argument)}`;
  }
  return lines.join(" \\\n  ");
}

export function quote(text: string): string {
  return SAFE.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A leading ~/ has to stay outside the quotes. */
function quotePath(path: string): string {
  return path.startsWith("~/") ? `~/${quote(path.slice(2))}` : quote(path);
}
