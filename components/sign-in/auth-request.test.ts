import { expect, test } from "vitest";
import { safeNext } from "./auth-request";

test.each([
  ["/runs/1?tab=log", "/runs/1?tab=log"],
  [null, "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
])("after a sign-in, next=%s leads to %s", (next, path) => expect(safeNext(next)).toBe(path));
