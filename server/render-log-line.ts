import { z } from "zod";

const Line = z.looseObject({
  level: z.number(),
  time: z.string(),
  process: z.string(),
  msg: z.string().optional(),
  err: z.looseObject({ message: z.string(), stack: z.string().optional() }).optional(),
});

const NAMES: Record<number, string> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
const WARN = 40;
const ERROR = 50;
const DIM = 2;
const YELLOW = 33;
const RED = 31;

/** A line of the structured log as a person in a terminal reads it. What is no such line passes as it is. */
export function renderLogLine(text: string, options: { isColoured: boolean }): string {
  const parsed = Line.safeParse(parseJson(text));
  if (!parsed.success) return text;
  const { level, time, process, msg, err, ...fields } = parsed.data;
  const paint = (code: number, part: string) =>
    options.isColoured && part !== "" ? `\u001b[${code}m${part}\u001b[0m` : part;
  const name = (NAMES[level] ?? String(level)).padEnd(5);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${show(value)}`);
  const message = [msg, err?.message].filter(Boolean).join(": ");
  const head = [
    paint(DIM, time.slice(11, 19)),
    paint(DIM, process.padEnd(10)),
    level >= ERROR ? paint(RED, name) : level >= WARN ? paint(YELLOW, name) : name,
    message,
    paint(DIM, rest.join(" ")),
  ];
  const stack = level >= ERROR && err?.stack ? `${paint(DIM, frames(err.stack))}\n` : "";
  return `  ${head.join("  ").trimEnd()}\n${stack}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something else wrote to the same stream.
    return null;
  }
}

const show = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** Where it happened, without the message that the line already has. */
function frames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5)
    .join("\n");
}
