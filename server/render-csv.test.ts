import { describe, expect, it } from "vitest";
import { renderCsv } from "./render-csv";

describe("CSV", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['"quoted"', '"""quoted"""'],
    ["two\nlines", '"two\nlines"'],
    ["=cmd()", "'=cmd()"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@x", "'@x"],
    ["\tx", "'\tx"],
    [-1.5, "-1.5"],
    [null, ""],
    [false, "false"],
  ])("%j becomes %j", (cell, wanted) => {
    expect(renderCsv(["h"], [[cell]])).toBe(`h\r\n${wanted}\r\n`);
  });
});
