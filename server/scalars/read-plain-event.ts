import type { EventScan } from "./read-event";

const WALL_TIME = 9;
const STEP = 16;
const SUMMARY = 42;
const VALUE = 10;
const TAG = 10;
const SIMPLE_VALUE = 21;

/**
 * The one shape that nearly all records of a training have: wall time, step, and a summary of one value with a tag
 * and a simple_value, in this order, with lengths below 128. Straight-line, for speed; false means "any other shape",
 * for `readEvent` to read, and nothing was added.
 */
export function readPlainEvent(scan: EventScan, start: number, end: number): boolean {
  const { bytes, view } = scan;
  if (end - start < 24 || bytes[start] !== WALL_TIME || bytes[start + 9] !== STEP) return false;
  let at = start + 10;
  let byte = bytes[at] as number;
  let step = byte & 0x7f;
  for (let shift = 7; byte >= 0x80; shift += 7) {
    // Beyond 28 bits the exact reader takes over.
    if (shift > 21) return false;
    at += 1;
    byte = bytes[at] as number;
    step |= (byte & 0x7f) << shift;
  }
  if (bytes[at + 1] !== SUMMARY || at + 3 + (bytes[at + 2] as number) !== end) return false;
  if (bytes[at + 3] !== VALUE || at + 5 + (bytes[at + 4] as number) !== end) return false;
  const tagEnd = end - 5;
  if (bytes[at + 5] !== TAG || at + 7 + (bytes[at + 6] as number) !== tagEnd) return false;
  if (bytes[tagEnd] !== SIMPLE_VALUE) return false;
  const columns = scan.tags.find(view, at + 7, tagEnd - at - 7);
  columns.add(step, view.getFloat32(tagEnd + 1, true), view.getFloat64(start + 1, true), scan.offset);
  return true;
}
