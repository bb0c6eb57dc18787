import { expect, test } from "vitest";
import { plainTerminalText, resolveTerminalText } from "./resolve-terminal-text";

test.each([
  ["plain text", "plain text"],
  ["  0%|   | 0/3\r 33%|█  | 1/3\r100%|███| 3/3", "100%|███| 3/3"],
  ["a longer line\rshort", "shortger line"],
  ["windows\r", "windows"],
  ["abc\b\bX", "aXc"],
  ["gone\x1b[2K\rnew", "new "],
  ["keep\x1b[Kme", "keepme"],
  ["\x1b]0;title\x07shown", "shown"],
  ["a\tb", "a       b"],
  ["\x1b[?25lhidden cursor\x1b[?25h", "hidden cursor"],
])("%j stands on screen as %j", (line, text) => expect(plainTerminalText(line)).toBe(text));

const styled = (line: string) =>
  resolveTerminalText(line).map(({ text, ...style }) => ({
    text,
    ...Object.fromEntries(Object.entries(style).filter(([, value]) => value !== null && value !== false)),
  }));

test.each<[string, Record<string, unknown>[]]>([
  ["\x1b[1;31mbad\x1b[0m good", [{ text: "bad", color: "red", isBold: true }, { text: " good" }]],
  ["\x1b[41;97m FAIL \x1b[49;39m.", [{ text: " FAIL ", color: "white", background: "red" }, { text: "." }]],
  ["\x1b[100mx", [{ text: "x", background: "black" }]],
  [
    "\x1b[4mu\x1b[24;7mi\x1b[27m.",
    [{ text: "u", isUnderlined: true }, { text: "i", isInverse: true }, { text: "." }],
  ],
  ["\x1b[2;1ma\x1b[22mb", [{ text: "a", isBold: true, isDim: true }, { text: "b" }]],
  [
    "\x1b[38;2;31;1;2mx\x1b[48;5;31my",
    [
      { text: "x", color: "#1f0102" },
      { text: "y", color: "#1f0102", background: "#0087af" },
    ],
  ],
  [
    "\x1b[38:2::255:128:0mx\x1b[38:5:9my",
    [
      { text: "x", color: "#ff8000" },
      { text: "y", color: "red" },
    ],
  ],
  [
    "\x1b[38;5;16ma\x1b[38;5;231mb\x1b[38;5;232mc\x1b[38;5;255md",
    [
      { text: "a", color: "#000000" },
      { text: "b", color: "#ffffff" },
      { text: "c", color: "#080808" },
      { text: "d", color: "#eeeeee" },
    ],
  ],
  ["\x1b[38;5;1;44mx", [{ text: "x", color: "red", background: "blue" }]],
  ["\x1b[38;5;300mx\x1b[38my\x1b[73mz", [{ text: "xyz" }]],
])("%j is styled", (line, spans) => expect(styled(line)).toEqual(spans));
