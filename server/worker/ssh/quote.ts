import { AppError } from "../../errors";

const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;

/**
 * argv as one line for a POSIX shell: every word arrives byte for byte. The only place where words become shell text.
 * @throws AppError VALIDATION for a NUL byte, which no argv can carry
 */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  if (word.includes("\0")) throw new AppError("VALIDATION", "An argument holds a NUL byte.");
  // "a=b" at the front would be an assignment, and "~" or "-" are left to the program: quoting keeps them as they are.
  if (PLAIN.test(word) && !word.includes("=")) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
