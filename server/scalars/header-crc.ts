import { maskedCrc32c } from "./crc32c";

const REMEMBERED = 4096;
const known = new Uint8Array(REMEMBERED);
const crcs = new Int32Array(REMEMBERED);

/**
 * Is the masked CRC of a TFRecord's length (the eight bytes at `at`) right? The CRC is a function of the length alone,
 * and a file has few lengths, so the short ones are computed once.
 */
export function isHeaderSound(bytes: Uint8Array, view: DataView, at: number): boolean {
  const stored = view.getInt32(at + 8, true);
  const length = view.getUint32(at, true);
  if (length >= REMEMBERED || view.getUint32(at + 4, true) !== 0)
    return maskedCrc32c(bytes, at, at + 8) === stored;
  if (known[length] === 0) {
    crcs[length] = maskedCrc32c(bytes, at, at + 8);
    known[length] = 1;
  }
  return crcs[length] === stored;
}
