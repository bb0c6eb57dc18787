import { nextStyle, PLAIN_STYLE, type TerminalStyle } from "./terminal-style";

export interface TerminalSpan extends TerminalStyle {
  text: string;
}

// Control sequences (CSI), operating system commands (OSC), and two-character escapes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are driven by them
const ESCAPE = /\x1b(?:\[([0-9;:?]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL = /[\x00-\x1f\x7f]/;
const TAB = 8;

/**
 * One line of a terminal as it would stand on screen in the end: a carriage return writes over what was there, a
 * backspace goes back, an erased end is gone, colours become spans; every other control sequence is dropped. Pure.
 */
export function resolveTerminalText(line: string): TerminalSpan[] {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  if (!SPECIAL.test(text)) return text === "" ? [] : [{ ...PLAIN_STYLE, text }];
  const cells: { char: string; style: TerminalStyle }[] = [];
  let column = 0;
  let style = PLAIN_STYLE;
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? "";
    if (char === "\x1b") {
      ESCAPE.lastIndex = at;
      const match = ESCAPE.exec(text);
      at += match ? match[0].length : 1;
      if (match?.[2] === "m") style = nextStyle(style, match[1] ?? "");
      else if (match?.[2] === "K") erase(cells, column, match[1] ?? "");
      else if (match?.[2] === "G") column = Math.max(0, Number(match[1] || "1") - 1);
      continue;
    }
    at += 1;
    if (char === "\r") column = 0;
    else if (char === "\b") column = Math.max(0, column - 1);
    else if (char === "\t") column = write(cells, column, " ".repeat(TAB - (column % TAB)), style);
    else if (!SPECIAL.test(char)) column = write(cells, column, char, style);
  }
  return spansOf(cells);
}

/** Its text alone, for searching and levels. */
export function plainTerminalText(line: string): string {
  return SPECIAL.test(line)
    ? resolveTerminalText(line)
        .map(({ text }) => text)
        .join("")
    : line;
}

type Cells = { char: string; style: TerminalStyle }[];

function write(cells: Cells, column: number, chars: string, style: TerminalStyle): number {
  while (cells.length < column) cells.push({ char: " ", style: PLAIN_STYLE });
  for (const char of chars) cells[column++] = { char, style };
  return column;
}

/** 0 (or nothing): to the end; 1: from the beginning; 2: all of it. */
function erase(cells: Cells, column: number, mode: string): void {
  if (mode === "1" || mode === "2") {
    const end = mode === "2" ? cells.length : Math.min(column + 1, cells.length);
    for (let at = 0; at < end; at += 1) cells[at] = { char: " ", style: PLAIN_STYLE };
  } else {
    cells.length = Math.min(cells.length, column);
  }
}

function spansOf(cells: Cells): TerminalSpan[] {
  const spans: TerminalSpan[] = [];
  let last: TerminalStyle | null = null;
  for (const { char, style } of cells) {
    const open = spans.at(-1);
    if (open && last && isSame(last, style)) open.text += char;
    else spans.push({ ...style, text: char });
    last = style;
  }
  return spans;
}

function isSame(a: TerminalStyle, b: TerminalStyle): boolean {
  return (
    a === b ||
    (a.color === b.color &&
      a.background === b.background &&
      a.isBold === b.isBold &&
      a.isDim === b.isDim &&
      a.isUnderlined === b.isUnderlined &&
      a.isInverse === b.isInverse)
  );
}
