import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { quoteArgument, quoteArgv, quotePath } from "./quote-argv";

const AWKWARD = [
  "",
  " ",
  "plain-1.3b",
  "it's",
  "''",
  '"$HOME"',
  "$(touch /tmp/pwned)",
  "`id`",
  "a\nb",
  "a\\nb\\",
  "*?[a-z]",
  "~/x",
  "A=b",
  "-n",
  "#no comment",
  "!history",
  "tab\there",
  "ünïcode 日本語",
  ";|&<>(){}",
  "\u0001\u001b[31m",
];

/** What a real sh makes of the words: each argument ended by NUL. */
function throughSh(line: string): string[] {
  const result = spawnSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" });
  return result.stdout.split("\0").slice(0, -1);
}

describe("quoting for sh", () => {
  it("gives back every awkward argument unchanged", () => {
    expect(throughSh(quoteArgv(AWKWARD))).toEqual(AWKWARD);
  });

  it("gives back random arguments unchanged", () => {
    const alphabet = " '\"\\$`\n\t*?~#=-;&|<>(){}[]!aZ0é";
    let state = 12345;
    const next = (limit: number) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state % limit;
    };
    const words = Array.from({ length: 500 }, () =>
      Array.from({ length: next(12) + 1 }, () => alphabet[next(alphabet.length)]).join(""),
    );
    expect(throughSh(quoteArgv(words))).toEqual(words);
  });

  it("leaves ordinary words readable", () => {
    expect(quoteArgument("facebook/opt-1.3b")).toBe("facebook/opt-1.3b");
  });

  it("refuses a NUL byte", () => {
    expect(() => quoteArgument("a\0b")).toThrow("NUL");
  });

  it("keeps the home directory of a path open and quotes the rest", () => {
    const shown = spawnSync("sh", ["-c", `printf %s ${quotePath("~/my runs/$x")}`], {
      encoding: "utf8",
      env: { NODE_ENV: "test", HOME: "/home/ada" },
    });
    expect(shown.stdout).toBe("/home/ada/my runs/$x");
  });
});
