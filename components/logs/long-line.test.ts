import { expect, test } from "vitest";
import { partOfLine } from "./long-line";

const bytes = (text: string) => new TextEncoder().encode(text);
function shown(text: string, limit: number) {
  const part = partOfLine(bytes(text), limit);
  return [new TextDecoder().decode(part.bytes), part.hiddenBytes];
}

test.each([
  ["a line that fits is whole", "0123456789", 10, "0123456789", 0],
  ["a long one is cut, and says by how much", "0123456789ab", 10, "0123456789", 2],
  ["a character is not cut in two", "ääää", 5, "ää", 4],
  ["a progress bar shows where it ended", "10%\r20%\r30%\r40%", 6, "40%", 0],
  ["a return at the end writes over nothing", "0123456789ab\r", 10, "0123456789", 2],
  ["what was overwritten long before is gone", "old\r0123456789ab", 10, "0123456789", 2],
])("%s", (_name, text, limit, part, hiddenBytes) => expect(shown(text, limit)).toEqual([part, hiddenBytes]));
