import { expect, test } from "vitest";
import { fieldText } from "./field-text";

test.each([
  [9.65e-6, "9.65e-6"],
  [0.0001, "1e-4"],
  [0.001, "0.001"],
  [0, "0"],
  [16, "16"],
  ["1e-", "1e-"],
  [["a", "b"], "a, b"],
  [null, ""],
  [undefined, ""],
])("%j is written %j", (value, text) => expect(fieldText(value)).toBe(text));
