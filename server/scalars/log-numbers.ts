/** A Python float as `print` writes it, alone or inside `tensor(…, device='cuda:0')`. One capture group. */
export const NUMBER = String.raw`(?:tensor\()?([-+]?(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|inf|nan))(?:(?:, device='[^'\n]{1,20}')?\))?`;

/** A count or step of up to nine digits; a line with a longer one was not written by a training. One capture group. */
export const COUNT = String.raw`(\d{1,9})(?!\d)`;

export function parseNumber(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  const last = text.charCodeAt(text.length - 1);
  // "inf" ends with f, "nan" with n.
  if (last === 102) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return last === 110 ? Number.NaN : Number(text);
}
