import { expect, test } from "vitest";
import { renderLogLine } from "./render-log-line";

const line = (fields: object) =>
  `${JSON.stringify({ level: 40, time: "2026-03-01T12:01:07.120Z", process: "worker", ...fields })}\n`;

test("a line shows time, process, level, message and what else it holds", () => {
  expect(
    renderLogLine(line({ msg: "the link is slow", nodeId: "n1", waitMs: 20 }), { isColoured: false }),
  ).toBe("  12:01:07  worker      warn   the link is slow  nodeId=n1 waitMs=20\n");
});

test("an error shows its message once and where it happened", () => {
  const err = { type: "Error", message: "no answer", stack: "Error: no answer\n    at open (a.ts:1:2)" };
  expect(renderLogLine(line({ level: 50, msg: "a login failed", err }), { isColoured: false })).toBe(
    "  12:01:07  worker      error  a login failed: no answer\n    at open (a.ts:1:2)\n",
  );
});

test("colour is there only when asked for", () => {
  expect(renderLogLine(line({ msg: "x" }), { isColoured: true })).toContain("\u001b[33mwarn \u001b[0m");
  expect(renderLogLine(line({ msg: "x" }), { isColoured: false })).not.toContain("\u001b");
});

test("what is no log line passes unchanged", () => {
  expect(renderLogLine("plain words\n", { isColoured: true })).toBe("plain words\n");
});
