import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../errors";
import { quoteArgv } from "./quote";

/** What a real shell makes of a quoted line: its words, each ended by NUL. */
function wordsOf(shell: string, line: string): string[] {
  const result = spawnSync(shell, ["-c", `printf '%s\\0' ${line}`]);
  return result.stdout.toString("utf8").split("\0").slice(0, -1);
}

const HOSTILE = [
  "'",
  "''",
  '"',
  "\\",
  "$(id)",
  "`id`",
  "$HOME",
  "a\nb",
  "\n",
  ";",
  "&& rm",
  "*",
  "~",
  "-x",
  "=",
  "a=b",
  "",
  " ",
];

function randomWord(): string {
  const pieces = [
    ...HOSTILE,
    "abc",
    "é",
    "你",
    "🚀",
    "\t",
    "\r",
    "\x01",
    "!",
    "#",
    "{a,b}",
    "[a-z]",
    "\\n",
    "%s",
    "|",
    ">",
  ];
  return Array.from({ length: randomInt(0, 8) }, () => pieces[randomInt(pieces.length)]).join("");
}

describe("quoteArgv", () => {
  it.each(["sh", "bash", "dash"])("carries 500 random words through %s unchanged", (shell) => {
    const words = Array.from({ length: 500 }, randomWord);
    expect(wordsOf(shell, quoteArgv(words))).toEqual(words);
  });

  it.each(HOSTILE)("carries %j", (word) => {
    expect(wordsOf("sh", quoteArgv([word]))).toEqual([word]);
  });

  it("keeps a word with = from becoming an assignment", () => {
    expect(quoteArgv(["A=1", "env"])).toBe("'A=1' env");
  });

  it("leaves harmless words readable", () => {
    expect(quoteArgv(["deepspeed", "--num_gpus", "2", "/opt/main.py"])).toBe(
      "deepspeed --num_gpus 2 /opt/main.py",
    );
  });

  it("refuses a NUL byte", () => {
    expect(() => quoteArgv(["a\0b"])).toThrowError(
      expect.toSatisfy((e) => isAppError(e) && e.code === "VALIDATION"),
    );
  });
});
