import { createHash, randomBytes } from "node:crypto";
import { AppError } from "../../errors";
import framePrologue from "../scripts/frame.sh";

/** The only command that is ever executed on a node, besides the SFTP subsystem. */
export const SHELL_COMMAND = "exec sh -s";
/** Sent once to a shell, before any call. */
export const SHELL_PROLOGUE = framePrologue;

export type ScriptArgument = string | Buffer;

export function createNonce(): string {
  return randomBytes(16).toString("hex");
}

/** A shell function that holds a program, so that a shell reads the program's text once. */
export interface DefinedScript {
  name: string;
  definition: string;
}

export function defineScript(source: string): DefinedScript {
  const name = `ty_f_${createHash("sha256").update(source).digest("hex").slice(0, 24)}`;
  return { name, definition: `${name}() {\n:\n${source}\n}\n` };
}

/**
 * Shell text that runs a defined program in a subshell with `args` as $1 …, between a begin and an end mark on both
 * outputs; the end mark carries the exit code. stdin is empty, so that nothing can eat the shell's own input.
 * @throws AppError VALIDATION for a NUL byte in an argument
 */
export function frameCall(name: string, args: readonly ScriptArgument[], nonce: string): string {
  return `ty_n=${nonce}
(
${frameArguments(args)}
ty_begin
${name} "$@"
) </dev/null
ty_end "$?"
`;
}

/**
 * The same for a program whose output is not ended by a mark but by the end of the channel. Its stdin is the channel:
 * nothing is ever sent there, and it ends when the reader is gone.
 */
export function frameStream(source: string, args: readonly ScriptArgument[], nonce: string): string {
  return `ty_n=${nonce}
{
${frameArguments(args)}
ty_begin
(
${source}
)
exit "$?"
}
`;
}

/** Arguments travel as base64; words of a harmless alphabet go as they are, which saves the node a fork each. */
function frameArguments(args: readonly ScriptArgument[]): string {
  const lines = args.map((argument) => {
    const bytes = typeof argument === "string" ? Buffer.from(argument, "utf8") : argument;
    if (bytes.includes(0)) throw new AppError("VALIDATION", "A script argument holds a NUL byte.");
    const text = bytes.toString("latin1");
    if (/^[A-Za-z0-9_./:@%+=,-]*$/.test(text)) return `set -- "$@" '${text}'`;
    return `ty_decode '${bytes.toString("base64")}'; set -- "$@" "$ty_v"`;
  });
  return ["set --", ...lines].join("\n");
}
