import type { ByteReader, ByteWriter } from "./byte-writer";

/** How a column of nullable numbers is written. Integers are the values times the field's scale. */
const ALL_NULL = 0;
const CONSTANT = 1;
const DELTAS = 2;
const DELTAS_WITH_NULLS = 3;
const FLOATS = 4;
const LARGEST = 2 ** 51;

/** Exact: a value that is no multiple of 1/scale turns its whole column into floats. */
export function writeColumn(writer: ByteWriter, values: readonly (number | null)[], scale: number): void {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) {
    writer.byte(ALL_NULL);
    return;
  }
  const integers = known.map((value) => Math.round(value * scale));
  const isExact = integers.every(
    (integer, at) => Math.abs(integer) <= LARGEST && integer / scale === known[at],
  );
  const hasNulls = known.length < values.length;
  if (!isExact) {
    writer.byte(FLOATS);
    writer.bits(values.map((value) => value !== null));
    for (const value of known) writer.float(value);
    return;
  }
  const first = integers[0] ?? 0;
  if (!hasNulls && integers.every((integer) => integer === first)) {
    writer.byte(CONSTANT);
    writer.signed(first);
    return;
  }
  writer.byte(hasNulls ? DELTAS_WITH_NULLS : DELTAS);
  if (hasNulls) writer.bits(values.map((value) => value !== null));
  let previous = 0;
  for (const integer of integers) {
    writer.signed(integer - previous);
    previous = integer;
  }
}

export function readColumn(reader: ByteReader, count: number, scale: number): (number | null)[] {
  const mode = reader.byte();
  const values = new Array<number | null>(count).fill(null);
  if (mode === ALL_NULL) return values;
  if (mode === CONSTANT) return values.fill(reader.signed() / scale);
  if (mode !== DELTAS && mode !== DELTAS_WITH_NULLS && mode !== FLOATS) {
    throw new RangeError(`telemetry column of unknown mode ${mode}`);
  }
  const isKnown = mode === DELTAS ? null : reader.bits(count);
  let previous = 0;
  for (let at = 0; at < count; at += 1) {
    if (isKnown !== null && !isKnown[at]) continue;
    if (mode === FLOATS) {
      values[at] = reader.float();
    } else {
      previous += reader.signed();
      values[at] = previous / scale;
    }
  }
  return values;
}
