import type { LogBuffer } from "./log-buffer";
import { isShown, type LogLevel } from "./log-level";
import { partOfLine } from "./long-line";
import { plainTerminalText } from "./resolve-terminal-text";

const decoder = new TextDecoder();

export interface LineText {
  text: string;
  hiddenBytes: number;
}

/** A line, cut when it is very long. */
export function textOfLine(buffer: LogBuffer, index: number): LineText {
  const { bytes, hiddenBytes } = partOfLine(buffer.line(index));
  return { text: decoder.decode(bytes), hiddenBytes };
}

/** How many lines there are to draw: a newline at the end begins no line of its own. */
export function drawnLineCount(buffer: LogBuffer): number {
  const count = buffer.lineCount();
  return buffer.line(count - 1).length === 0 ? count - 1 : count;
}

/** Indexes of the lines of a level; null when that is all of them. */
export function shownLines(buffer: LogBuffer, level: LogLevel): number[] | null {
  if (level === "all") return null;
  const indexes: number[] = [];
  const count = drawnLineCount(buffer);
  for (let index = 0; index < count; index += 1) {
    if (isShown(plainTerminalText(textOfLine(buffer, index).text), level)) indexes.push(index);
  }
  return indexes;
}
