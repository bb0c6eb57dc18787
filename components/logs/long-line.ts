/** More of a line is not drawn: one print of a whole tensor would stop the page. */
export const MOST_LINE_BYTES = 16_384;
/** More of one line is not shown even when asked for; the download has it. */
export const MOST_WHOLE_LINE_BYTES = 1_048_576;

const CARRIAGE_RETURN = 13;

export interface LinePart {
  bytes: Uint8Array;
  /** Bytes of the line behind this part. */
  hiddenBytes: number;
}

/**
 * What is drawn of a line, at most `limit` bytes. A progress bar that wrote over itself a thousand times is long in
 * bytes only: of such a line the part that stays on screen counts. Never ends inside a character.
 */
export function partOfLine(line: Uint8Array, limit = MOST_LINE_BYTES): LinePart {
  if (line.length <= limit) return { bytes: line, hiddenBytes: 0 };
  const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
  const overwritten = line.subarray(0, end).indexOf(CARRIAGE_RETURN, end - limit);
  if (overwritten >= 0) return { bytes: line.subarray(overwritten + 1, end), hiddenBytes: 0 };
  const start = line.subarray(0, end).lastIndexOf(CARRIAGE_RETURN) + 1;
  const cut = characterBorder(line, Math.min(end, start + limit));
  return { bytes: line.subarray(start, cut), hiddenBytes: end - cut };
}

/** The nearest place at or before `at` where a UTF-8 character begins. */
function characterBorder(bytes: Uint8Array, at: number): number {
  let border = at;
  while (border > 0 && border < bytes.length && ((bytes[border] ?? 0) & 0xc0) === 0x80) border -= 1;
  return border;
}
