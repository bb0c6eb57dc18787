import { AppError } from "../errors";

// "=" and "~" are left out on purpose: a first word A=b is an assignment, and ~ expands.
const SAFE = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * One word of POSIX sh that stands for exactly these characters.
 * @throws AppError VALIDATION for a NUL byte, which no argument can hold
 */
export function quoteArgument(value: string): string {
  if (value.includes("\0")) throw new AppError("VALIDATION", "An argument holds a NUL byte.");
  if (SAFE.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(" ");
}

/** The same, but a leading ~/ stays the home directory of whoever runs it. */
export function quotePath(path: string): string {
  if (path === "~") return '"$HOME"';
  if (path.startsWith("~/")) return `"$HOME"/${quoteArgument(path.slice(2))}`;
  return quoteArgument(path);
}
