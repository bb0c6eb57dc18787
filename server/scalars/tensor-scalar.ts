import { skipField, varint, varintEnd } from "./protobuf-wire";

/** DataType of tensorflow/core/framework/types.proto. */
const DTYPE = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  half: 19,
  uint32: 22,
  uint64: 23,
};

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));
function bfloat16ToNumber(bits: number): number {
  scratch.setUint16(2, bits, true);
  scratch.setUint16(0, 0, true);
  return scratch.getFloat32(0, true);
}

/** The one element of `tensor_content`: little-endian, as the writer's machine had it. */
function fromContent(view: DataView, start: number, end: number, dtype: number): number | null {
  const length = end - start;
  if (dtype === DTYPE.float && length === 4) return view.getFloat32(start, true);
  if (dtype === DTYPE.double && length === 8) return view.getFloat64(start, true);
  if (dtype === DTYPE.int32 && length === 4) return view.getInt32(start, true);
  if (dtype === DTYPE.uint32 && length === 4) return view.getUint32(start, true);
  if (dtype === DTYPE.int64 && length === 8) return Number(view.getBigInt64(start, true));
  if (dtype === DTYPE.uint64 && length === 8) return Number(view.getBigUint64(start, true));
  if (dtype === DTYPE.int16 && length === 2) return view.getInt16(start, true);
  if (dtype === DTYPE.uint16 && length === 2) return view.getUint16(start, true);
  if (dtype === DTYPE.int8 && length === 1) return view.getInt8(start);
  if ((dtype === DTYPE.uint8 || dtype === DTYPE.bool) && length === 1) return view.getUint8(start);
  if (dtype === DTYPE.half && length === 2) return halfToNumber(view.getUint16(start, true));
  if (dtype === DTYPE.bfloat16 && length === 2) return bfloat16ToNumber(view.getUint16(start, true));
  return null;
}

/** One `*_val` entry, packed (wire type 2) or not. More than one element is not a scalar: null. */
function fromVal(bytes: Uint8Array, view: DataView, at: number, end: number, key: number): number | null {
  const field = key >>> 3;
  const wire = key & 7;
  let start = at;
  let stop = end;
  if (wire === 2) {
    const length = varint(bytes, at, end);
    start = varintEnd(bytes, at, end);
    if (start < 0 || length === 0) return null;
    stop = start + length;
    if (stop > end) return null;
  }
  if (field === 5)
    return stop - start >= 4 && (wire !== 2 || stop - start === 4) ? view.getFloat32(start, true) : null;
  if (field === 6)
    return stop - start >= 8 && (wire !== 2 || stop - start === 8) ? view.getFloat64(start, true) : null;
  const valueEnd = varintEnd(bytes, start, stop);
  if (valueEnd < 0 || (wire === 2 && valueEnd !== stop)) return null;
  return varint(bytes, start, stop);
}

/** Elements by TensorShapeProto; no dimensions: 1. */
function elementCount(bytes: Uint8Array, start: number, end: number): number {
  let count = 1;
  let at = start;
  while (at < end) {
    const key = varint(bytes, at, end);
    at = varintEnd(bytes, at, end);
    if (at < 0) return -1;
    if (key !== 18) {
      at = skipField(bytes, at, end, key & 7);
      if (at < 0) return -1;
      continue;
    }
    const length = varint(bytes, at, end);
    at = varintEnd(bytes, at, end);
    if (at < 0 || at + length > end) return -1;
    count *= length > 0 && bytes[at] === 8 ? varint(bytes, at + 1, at + length) : 0;
    at += length;
  }
  return count;
}

/**
 * The number in a TensorProto (bytes[start, end)) that holds exactly one number, else null.
 * Source: tensorflow/core/framework/tensor.proto; TensorFlow 2 writes scalars this way.
 */
export function tensorScalar(bytes: Uint8Array, view: DataView, start: number, end: number): number | null {
  let dtype = 0;
  let value: number | null = null;
  let contentStart = -1;
  let contentEnd = -1;
  let at = start;
  while (at < end) {
    const key = varint(bytes, at, end);
    at = varintEnd(bytes, at, end);
    if (at < 0) return null;
    const next = skipField(bytes, at, end, key & 7);
    if (next < 0) return null;
    const field = key >>> 3;
    if (key === 8) dtype = varint(bytes, at, end);
    else if (key === 18 && elementCount(bytes, varintEnd(bytes, at, end), next) !== 1) return null;
    else if (key === 34) [contentStart, contentEnd] = [varintEnd(bytes, at, end), next];
    else if (field === 13) value = dtypeOfHalf(dtype, fromVal(bytes, view, at, end, key));
    else if ([5, 6, 7, 10, 11, 16, 17].includes(field)) value = fromVal(bytes, view, at, end, key);
    at = next;
  }
  if (contentStart >= 0 && contentEnd > contentStart)
    return fromContent(view, contentStart, contentEnd, dtype);
  return value;
}

function dtypeOfHalf(dtype: number, bits: number | null): number | null {
  if (bits === null) return null;
  return dtype === DTYPE.bfloat16 ? bfloat16ToNumber(bits) : halfToNumber(bits);
}
