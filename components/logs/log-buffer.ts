/** Bytes of a log that are held, as one piece: [start, end) of the file, with the beginnings of its lines. */
export interface LogBuffer {
  /** Byte offset in the file of the first and behind the last byte held. */
  start: () => number;
  end: () => number;
  lineCount: () => number;
  /** Bytes of a line without its newline. The last one may still grow. */
  line: (index: number) => Uint8Array;
  /** Byte offset in the file of a line's beginning. */
  offsetOf: (index: number) => number;
  /** The line that holds a byte of the file; -1 when it is not held. */
  lineAt: (offset: number) => number;
  append: (bytes: Uint8Array) => void;
  /** Puts older bytes in front; returns how many lines that added. They begin at a line's beginning. */
  prepend: (bytes: Uint8Array) => number;
}

const NEWLINE = 10;
/** Behind this much the oldest half is let go: a page that follows for days stays small. */
const MOST_BYTES = 33_554_432;
/** Nor more lines than a browser can scroll over: Firefox ends at 17.9 million pixels. */
const MOST_LINES = 900_000;
const FIRST_CAPACITY = 524_288;

export function createLogBuffer(start: number, first: Uint8Array): LogBuffer {
  let base = start;
  let storage = new Uint8Array(Math.max(FIRST_CAPACITY, first.length));
  let length = 0;
  let lineStarts: number[] = [0];

  function append(bytes: Uint8Array): void {
    if (length + bytes.length > MOST_BYTES || lineStarts.length > MOST_LINES)
      dropOldest(Math.floor(length / 2));
    if (length + bytes.length > storage.length) {
      const larger = new Uint8Array(Math.max(storage.length * 2, length + bytes.length));
      larger.set(storage.subarray(0, length));
      storage = larger;
    }
    storage.set(bytes, length);
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
      lineStarts.push(length + at + 1);
    }
    length += bytes.length;
  }

  function dropOldest(atLeast: number): void {
    const index = lineStarts.findIndex((lineStart) => lineStart >= atLeast);
    const cut = lineStarts[index];
    if (cut === undefined) return;
    storage.copyWithin(0, cut, length);
    length -= cut;
    base += cut;
    lineStarts = lineStarts.slice(index).map((lineStart) => lineStart - cut);
  }

  function prepend(bytes: Uint8Array): number {
    const held = storage.slice(0, length);
    const before = lineStarts.length;
    base -= bytes.length;
    length = 0;
    lineStarts = [0];
    append(bytes);
    append(held);
    return lineStarts.length - before;
  }

  append(first);
  return {
    start: () => base,
    end: () => base + length,
    lineCount: () => lineStarts.length,
    line(index) {
      const from = lineStarts[index] ?? length;
      const next = lineStarts[index + 1];
      return storage.subarray(from, next === undefined ? length : next - 1);
    },
    offsetOf: (index) => base + (lineStarts[index] ?? length),
    lineAt(offset) {
      if (offset < base || offset > base + length) return -1;
      return lastNotAbove(lineStarts, offset - base);
    },
    append,
    prepend,
  };
}

function lastNotAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Without the rest of a line that began before; everything when `isFileStart`. Returns how many bytes were cut. */
export function cutFirstLine(bytes: Uint8Array, isFileStart: boolean): { bytes: Uint8Array; cut: number } {
  if (isFileStart) return { bytes, cut: 0 };
  const newline = bytes.indexOf(NEWLINE);
  const cut = newline < 0 ? 0 : newline + 1;
  return { bytes: bytes.subarray(cut), cut };
}
