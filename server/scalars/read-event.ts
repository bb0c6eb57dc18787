import { skipField, varint, varintEnd } from "./protobuf-wire";
import type { ScalarColumns } from "./scalar-columns";
import type { TagTable } from "./tag-table";
import { tensorScalar } from "./tensor-scalar";

/** Field keys (number << 3 | wire type) of tensorboard's event.proto and summary.proto. */
const EVENT_WALL_TIME = 9;
const EVENT_STEP = 16;
const EVENT_SUMMARY = 42;
const SUMMARY_VALUE = 10;
const VALUE_TAG = 10;
const VALUE_SIMPLE = 21;
const VALUE_TENSOR = 66;

/** Where one record lies, and what its scalars get. One object is reused for all records. */
export interface EventScan {
  bytes: Uint8Array;
  view: DataView;
  /** Byte offset of the record in its file. */
  offset: number;
  tags: TagTable;
  wallTime: number;
  step: number;
}

/**
 * Walks one Event (bytes[start, end)) and adds its scalars to their tags' columns. Anything else is skipped
 * by its length. Returns how many scalars it had, or -1 when the bytes are no Event.
 */
export function readEvent(scan: EventScan, start: number, end: number): number {
  const { bytes, view } = scan;
  scan.wallTime = Number.NaN;
  scan.step = 0;
  let summaryStart = -1;
  let summaryEnd = -1;
  let summaries = 0;
  let at = start;
  while (at < end) {
    const key = bytes[at] as number;
    at += 1;
    if (key === EVENT_WALL_TIME) {
      if (at + 8 > end) return -1;
      scan.wallTime = view.getFloat64(at, true);
      at += 8;
    } else if (key === EVENT_STEP) {
      scan.step = varint(bytes, at, end);
      at = varintEnd(bytes, at, end);
    } else {
      const next = key < 0x80 ? skipField(bytes, at, end, key & 7) : skipLongKey(bytes, at - 1, end);
      if (key === EVENT_SUMMARY && next >= 0) {
        summaryStart = varintEnd(bytes, at, end);
        summaryEnd = next;
        summaries += 1;
      }
      at = next;
    }
    if (at < 0) return -1;
  }
  if (summaries === 0) return 0;
  if (summaries > 1) return readSummaries(scan, start, end);
  return readSummary(scan, summaryStart, summaryEnd);
}

function skipLongKey(bytes: Uint8Array, at: number, end: number): number {
  const keyEnd = varintEnd(bytes, at, end);
  return keyEnd < 0 ? -1 : skipField(bytes, keyEnd, end, varint(bytes, at, end) & 7);
}

/** A repeated message field means "all of them together". Wall time and step are known by now. */
function readSummaries(scan: EventScan, start: number, end: number): number {
  const { bytes } = scan;
  let count = 0;
  let at = start;
  while (at < end) {
    const key = varint(bytes, at, end);
    at = varintEnd(bytes, at, end);
    const next = skipField(bytes, at, end, key & 7);
    if (key === EVENT_SUMMARY) count += Math.max(0, readSummary(scan, varintEnd(bytes, at, end), next));
    at = next;
  }
  return count;
}

function readSummary(scan: EventScan, start: number, end: number): number {
  const { bytes } = scan;
  let count = 0;
  let at = start;
  while (at < end) {
    const key = varint(bytes, at, end);
    at = varintEnd(bytes, at, end);
    if (at < 0) return -1;
    const next = skipField(bytes, at, end, key & 7);
    if (next < 0) return -1;
    if (key === SUMMARY_VALUE) {
      const added = readValue(scan, varintEnd(bytes, at, end), next);
      if (added < 0) return -1;
      count += added;
    }
    at = next;
  }
  return count;
}

/** 1 when the Value holds a scalar, 0 when it holds something else, -1 when it is broken. */
function readValue(scan: EventScan, start: number, end: number): number {
  const { bytes, view } = scan;
  let columns: ScalarColumns | null = null;
  let value = 0;
  let hasValue = false;
  let at = start;
  while (at < end) {
    const key = bytes[at] as number;
    at += 1;
    if (key === VALUE_SIMPLE) {
      if (at + 4 > end) return -1;
      value = view.getFloat32(at, true);
      hasValue = true;
      at += 4;
      continue;
    }
    const next = key < 0x80 ? skipField(bytes, at, end, key & 7) : skipLongKey(bytes, at - 1, end);
    if (next < 0) return -1;
    if (key === VALUE_TAG) {
      const tagStart = varintEnd(bytes, at, end);
      columns = scan.tags.find(view, tagStart, next - tagStart);
    } else if (key === VALUE_TENSOR) {
      const scalar = tensorScalar(bytes, view, varintEnd(bytes, at, end), next);
      hasValue = scalar !== null;
      value = scalar ?? 0;
    }
    at = next;
  }
  if (columns === null || !hasValue) return 0;
  columns.add(scan.step, value, scan.wallTime, scan.offset);
  return 1;
}
