/** Protocol-buffer wire format, over positions instead of objects. Every end is -1 when the bytes do not fit. */

/** Position after the varint at `at`, or -1. */
export function varintEnd(bytes: Uint8Array, at: number, end: number): number {
  const limit = Math.min(at + 10, end);
  for (let i = at; i < limit; i += 1) if ((bytes[i] as number) < 0x80) return i + 1;
  return -1;
}

/** The varint at `at` as a signed 64-bit number (exact to 2^53). */
export function varint(bytes: Uint8Array, at: number, end: number): number {
  const first = at < end ? (bytes[at] as number) : 0;
  if (first < 0x80) return first;
  let low = first & 0x7f;
  let i = at + 1;
  for (let shift = 7; shift < 28 && i < end; shift += 7, i += 1) {
    const byte = bytes[i] as number;
    low |= (byte & 0x7f) << shift;
    if (byte < 0x80) return low;
  }
  return longVarint(bytes, i, end, low);
}

function longVarint(bytes: Uint8Array, from: number, end: number, low28: number): number {
  let value = low28;
  let factor = 2 ** 28;
  for (let i = from; i < end && i < from + 6; i += 1, factor *= 128) {
    const byte = bytes[i] as number;
    if (i === from + 5) return Number(BigInt.asIntN(64, exactVarint(bytes, from - 4, end)));
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  return value;
}

/** Ten bytes: how a negative int64 is written. */
function exactVarint(bytes: Uint8Array, from: number, end: number): bigint {
  let value = 0n;
  for (let i = from; i < end && i < from + 10; i += 1) {
    const byte = BigInt(bytes[i] as number);
    value |= (byte & 0x7fn) << BigInt(7 * (i - from));
    if (byte < 0x80n) break;
  }
  return value;
}

/** Position after a field's value, by its wire type, or -1. Groups do not occur in what we read. */
export function skipField(bytes: Uint8Array, at: number, end: number, wireType: number): number {
  if (wireType === 0) return varintEnd(bytes, at, end);
  if (wireType === 5) return at + 4 <= end ? at + 4 : -1;
  if (wireType === 1) return at + 8 <= end ? at + 8 : -1;
  if (wireType !== 2) return -1;
  const start = varintEnd(bytes, at, end);
  if (start < 0) return -1;
  const length = varint(bytes, at, end);
  return length >= 0 && start + length <= end ? start + length : -1;
}
