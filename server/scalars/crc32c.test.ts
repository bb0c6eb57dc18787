import { describe, expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c";

/** One bit at a time, straight from the definition. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe("crc32c", () => {
  it("gives the check value of the Castagnoli polynomial and the vectors of RFC 3720 B.4", () => {
    expect(crc32c(Buffer.from("123456789"), 0, 9) >>> 0).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32), 0, 32) >>> 0).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff), 0, 32) >>> 0).toBe(0x62a8ab43);
    expect(
      crc32c(
        Uint8Array.from({ length: 32 }, (_, i) => i),
        0,
        32,
      ) >>> 0,
    ).toBe(0x46dd794e);
  });

  it("equals the bitwise definition at every length and start", () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 167 + 13) & 0xff);
    for (let start = 0; start < 9; start += 1) {
      for (let end = start; end <= bytes.length; end += 1) {
        expect(crc32c(bytes, start, end) >>> 0).toBe(slowCrc(bytes.subarray(start, end)));
      }
    }
  });

  it("masks as TFRecord does: rotate right by 15, add the constant", () => {
    const crc = slowCrc(Buffer.from("abc"));
    const expected = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
    expect(maskedCrc32c(Buffer.from("abc"), 0, 3) >>> 0).toBe(expected);
  });
});
