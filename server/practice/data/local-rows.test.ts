import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../testing/train";
import { readLocalRows } from "./local-rows";

function application(files: Record<string, string>): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "dschat"));
  mkdirSync(join(directory, "data"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, "data", name), text);
  return directory;
}
const row = (word: string) =>
  `${JSON.stringify({ prompt: word, chosen: `${word} +`, rejected: `${word} -` })}\n`;

describe("local/jsonfile on the practice node", () => {
  it("is read beside the dschat that Python would import first", () => {
    const [first, second] = ["a", "b"].map((word) =>
      application({ "train.json": row(word) + row(word), "eval.json": row(word) }),
    );
    const set = readLocalRows(`/nowhere:${first}:${second}`);
    expect([set.train.length, set.evaluation.length]).toEqual([2, 1]);
    expect(set.train[0]?.rejected).toBe("a -");
  });

  it.each([
    ["no dschat at all", () => "/nowhere", "ModuleNotFoundError"],
    ["a part that is missing", () => application({ "train.json": row("a") }), "RuntimeError"],
    [
      "a line that is no JSON",
      () => application({ "train.json": "x\n", "eval.json": "" }),
      "DatasetGenerationError",
    ],
  ])("fails as the program does for %s", (_what, path, exception) => {
    expect(() => readLocalRows(path())).toThrow(
      expect.objectContaining({ exception: expect.stringContaining(exception) }),
    );
  });

  it("of single answers ends with a KeyError only where rejected ones are read", () => {
    const single = '{"prompt": "p", "chosen": "c"}\n';
    const [pair] = readLocalRows(application({ "train.json": single, "eval.json": single })).train;
    expect([pair?.prompt, pair?.chosen]).toEqual(["p", "c"]);
    expect(() => pair?.rejected).toThrow("'rejected'");
  });
});
