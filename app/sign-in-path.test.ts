import { expect, test } from "vitest";
import { ASKED_PATH_HEADER } from "@/server/contracts/session";
import { signInPath } from "./sign-in-path";

test.each([
  ["/", "/sign-in"],
  ["/runs?status=ended&q=a%20b", "/sign-in?next=%2Fruns%3Fstatus%3Dended%26q%3Da%2Bb"],
  ["/nodes/1?_rsc=abc", "/sign-in?next=%2Fnodes%2F1"],
  ["//elsewhere.example/runs", "/sign-in?next=%2Fruns"],
  ["//", "/sign-in"],
  [undefined, "/sign-in"],
])("whoever asks for %s without a session comes to %s", (asked, expected) => {
  expect(signInPath(new Headers(asked === undefined ? {} : { [ASKED_PATH_HEADER]: asked }))).toBe(expected);
});
