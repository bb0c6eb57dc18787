import { isHeaderSound } from "./header-crc";

const HEADER = 12;
const LARGEST_PLAUSIBLE_RECORD = 2 ** 30;

/**
 * The first position in bytes[start, end) where a TFRecord header stands: a plausible length whose masked CRC is
 * right (by chance: one in 2^32). -1: none in these bytes.
 */
export function findHeader(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  for (let at = start; at + HEADER <= end; at += 1) {
    // The upper half of a plausible length is zero: this alone passes over nearly every position.
    if (view.getUint32(at + 4, true) !== 0) continue;
    const length = view.getUint32(at, true);
    if (length === 0 || length > LARGEST_PLAUSIBLE_RECORD) continue;
    if (isHeaderSound(bytes, view, at)) return at;
  }
  return -1;
}

/** Where the run of zeros at the end of bytes[start, end) begins; `end` when there is none. */
export function trailingZerosFrom(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === 0) at -= 1;
  return at;
}
