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

test("colours and weight become spans, a reset ends them", () => {
  expect(resolveTerminalText("\x1b[1;31mbad\x1b[0m good")).toEqual([
    { text: "bad", color: "red", isBold: true, isDim: false },
    { text: " good", color: null, isBold: false, isDim: false },
  ]);
});

test("true colours do not turn their numbers into other codes", () => {
  expect(resolveTerminalText("\x1b[38;2;31;1;2mx\x1b[38;5;31my")).toEqual([
    { text: "xy", color: null, isBold: false, isDim: false },
  ]);
});
