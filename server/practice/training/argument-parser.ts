/** One flag of a program, as Python's argparse knows it. `T` is what the program reads. */
export interface Flag<T> {
  kind: "int" | "float" | "str" | "list" | "switch";
  default: T;
  isRequired: boolean;
  choices: readonly string[] | null;
}
export type FlagTable = Readonly<Record<string, Flag<unknown>>>;
export type Arguments<Table extends FlagTable> = {
  -readonly [Name in keyof Table]: Table[Name] extends Flag<infer T> ? T : never;
};

const plain = { isRequired: false, choices: null } as const;
export const int = <T extends number | null>(value: T): Flag<T extends null ? number | null : number> => ({
  kind: "int",
  // Safe because the conditional type only widens a literal to what parsing yields.
  default: value as unknown as T extends null ? number | null : number,
  ...plain,
});
export const float = <T extends number | null>(value: T): Flag<T extends null ? number | null : number> => ({
  kind: "float",
  default: value as unknown as T extends null ? number | null : number,
  ...plain,
});
export const text = (value: string): Flag<string> => ({ kind: "str", default: value, ...plain });
export const optionalText = (): Flag<string | null> => ({ kind: "str", default: null, ...plain });
export const requiredText = (): Flag<string> => ({
  kind: "str",
  default: "",
  isRequired: true,
  choices: null,
});
export const list = (value: string[]): Flag<string[]> => ({ kind: "list", default: value, ...plain });
export const toggle = (): Flag<boolean> => ({ kind: "switch", default: false, ...plain });
export const choice = <T extends string>(choices: readonly T[], value: NoInfer<T>): Flag<T> => ({
  kind: "str",
  default: value,
  isRequired: false,
  choices,
});

/** argparse gave up: it printed its usage and exits with 2. */
export class UsageError extends Error {}

/** Parses as argparse does: `--flag value`, `--flag=value`, unique prefixes, `nargs='*'`. @throws UsageError with argparse's words */
export function parseArguments<Table extends FlagTable>(
  table: Table,
  argv: readonly string[],
): Arguments<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(table)) values[name] = flag.default;
  const given = new Set<string>();
  const unknown: string[] = [];
  let i = 0;
  while (i < argv.length) {
    const word = argv[i++] as string;
    const equals = word.indexOf("=");
    const option = equals > 0 ? word.slice(0, equals) : word;
    const name = isOption(word) ? findFlag(table, option) : null;
    const flag = name === null ? undefined : table[name];
    if (name === null || flag === undefined) {
      unknown.push(word);
      continue;
    }
    const taken: string[] = equals > 0 ? [word.slice(equals + 1)] : [];
    const limit =
      equals > 0 || flag.kind === "switch" ? 0 : flag.kind === "list" ? Number.POSITIVE_INFINITY : 1;
    for (let left = limit; left > 0 && i < argv.length && !isOption(argv[i] as string); left--)
      taken.push(argv[i++] as string);
    values[name] = convert(option, flag, taken);
    given.add(name);
  }
  const missing = Object.keys(table).filter((name) => table[name]?.isRequired === true && !given.has(name));
  if (missing.length > 0) {
    throw new UsageError(
      `the following arguments are required: ${missing.map((name) => `--${name}`).join(", ")}`,
    );
  }
  if (unknown.length > 0) throw new UsageError(`unrecognized arguments: ${unknown.join(" ")}`);
  // Safe because convert() checked each value against the kind of its flag.
  return values as Arguments<Table>;
}

/** A negative number is a value, as for argparse. */
function isOption(word: string): boolean {
  return word.startsWith("-") && word.length > 1 && !/^-\d+(\.\d*)?([eE][-+]?\d+)?$/.test(word);
}

function findFlag(table: FlagTable, option: string): string | null {
  const wanted = option.replace(/^--/, "");
  if (!option.startsWith("--")) return null;
  if (Object.hasOwn(table, wanted)) return wanted;
  const matches = Object.keys(table).filter((name) => name.startsWith(wanted));
  if (matches.length > 1) {
    const could = matches.map((name) => `--${name}`).join(", ");
    throw new UsageError(`ambiguous option: ${option} could match ${could}`);
  }
  return matches[0] ?? null;
}

function convert(option: string, flag: Flag<unknown>, taken: readonly string[]): unknown {
  if (flag.kind === "switch") {
    if (taken.length > 0) throw new UsageError(`argument ${option}: ignored explicit argument '${taken[0]}'`);
    return true;
  }
  if (flag.kind === "list") return [...taken];
  const word = taken[0];
  if (word === undefined) throw new UsageError(`argument ${option}: expected one argument`);
  if (flag.kind === "int" && !/^\s*[-+]?\d+\s*$/.test(word)) {
    throw new UsageError(`argument ${option}: invalid int value: '${word}'`);
  }
  if (flag.kind === "float" && !isPythonFloat(word)) {
    throw new UsageError(`argument ${option}: invalid float value: '${word}'`);
  }
  if (flag.choices !== null && !flag.choices.includes(word)) {
    const choices = flag.choices.map((item) => `'${item}'`).join(", ");
    throw new UsageError(`argument ${option}: invalid choice: '${word}' (choose from ${choices})`);
  }
  return flag.kind === "str" ? word : toNumber(word);
}

function isPythonFloat(word: string): boolean {
  return /^\s*[-+]?((\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|inf(inity)?|nan)\s*$/i.test(word);
}

function toNumber(word: string): number {
  const lower = word.trim().toLowerCase();
  if (/^[-+]?inf/.test(lower)) return lower.startsWith("-") ? -Infinity : Infinity;
  return lower.includes("nan") ? Number.NaN : Number(lower);
}

/** usage: main.py [-h] [--data_path [DATA_PATH ...]] … */
export function usage(program: string, table: FlagTable): string {
  const parts = Object.entries(table).map(([name, flag]) => {
    const value = flag.choices === null ? name.toUpperCase() : `{${flag.choices.join(",")}}`;
    const shown = { switch: `--${name}`, list: `--${name} [${value} ...]`, int: "", float: "", str: "" }[
      flag.kind
    ];
    const option = shown === "" ? `--${name} ${value}` : shown;
    return flag.isRequired ? option : `[${option}]`;
  });
  return wrap(`usage: ${program} [-h]`, parts, " ".repeat(`usage: ${program} `.length));
}

function wrap(first: string, parts: readonly string[], indent: string): string {
  const lines = [first];
  for (const part of parts) {
    const line = lines[lines.length - 1] as string;
    if (line.length + 1 + part.length <= 79) lines[lines.length - 1] = `${line} ${part}`;
    else lines.push(`${indent}${part}`);
  }
  return lines.join("\n");
}
