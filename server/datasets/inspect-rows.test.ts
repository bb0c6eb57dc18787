import { describe, expect, it } from "vitest";
import { RowInspector } from "./inspect-rows";
import { partOf } from "./split-rows";
import { approximateTokens, LengthCounter } from "./token-lengths";

const ROW = { prompt: "Human: Why? Assistant:", chosen: "So.", rejected: "No." };

function reportOf(rows: (typeof ROW | { prompt: string; chosen: string; rejected: null })[]) {
  const inspector = new RowInspector();
  rows.forEach((row, index) => {
    inspector.add(row, { place: `line ${index + 1}`, isWrapped: false, isCut: false });
  });
  return inspector.report();
}

describe("what is found in rows", () => {
  it("is nothing in good rows", () => {
    expect(reportOf([ROW, { ...ROW, prompt: "Human: How? Assistant:" }]).findings).toEqual([]);
  });

  it.each([
    [{ ...ROW, chosen: "" }, /^Empty chosen answers/],
    [{ ...ROW, rejected: "" }, /^Empty rejected answers/],
    [{ ...ROW, rejected: "So." }, /^Chosen and rejected are the same/],
    [{ ...ROW }, /^Rows that were there before, word for word/],
    [{ ...ROW, chosen: "Other." }, /^Prompts that were there before, with other answers/],
    [{ ...ROW, prompt: "Why?" }, /^Prompts that are not in the form/],
  ])("%j", (row, expected) => {
    const { findings } = reportOf([ROW, row]);
    const found = findings.find(({ message }) => expected.test(message));
    expect(found).toMatchObject({ count: 1, places: ["line 2"] });
  });

  it("tells chats that were cut after their last answer", () => {
    const inspector = new RowInspector();
    inspector.add(ROW, { place: "line 7", isWrapped: false, isCut: true });
    expect(inspector.report().findings).toEqual([
      {
        severity: "warning",
        message: "Chats that end with a person's turn: it was left out, since no answer follows it.",
        count: 1,
        places: ["line 7"],
      },
    ]);
  });

  it("names the first five places and counts all", () => {
    const [finding] = reportOf(
      Array.from({ length: 9 }, (_, i) => ({ ...ROW, prompt: `Human: ${i} Assistant:`, chosen: "" })),
    ).findings;
    expect(finding).toMatchObject({ count: 9, places: ["line 1", "line 2", "line 3", "line 4", "line 5"] });
  });
});

describe("token lengths", () => {
  it.each([
    ["", 0],
    ["four", 1],
    ["five5", 2],
    ["你好", 2],
    ["你好 ok", 3],
  ])("%j is about %i", (text, tokens) => {
    expect(approximateTokens(text)).toBe(tokens);
  });

  it("counts every length in one bin, its edge included", () => {
    const counter = new LengthCounter();
    for (const length of [0, 16, 17, 32, 4096, 4097, 100_000]) counter.add(length);
    const { median, max, bins } = counter.summary();
    expect({ median, max }).toEqual({ median: 32, max: 100_000 });
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(7);
    expect(bins[0]).toEqual({ upTo: 16, count: 2 });
    expect(bins.at(-2)).toEqual({ upTo: 4096, count: 1 });
    expect(bins.at(-1)).toEqual({ upTo: null, count: 2 });
  });
});

describe("the split", () => {
  const prompts = Array.from({ length: 4000 }, (_, index) => `prompt ${index}`);
  it("holds back about the share asked for, the same prompts for the same seed", () => {
    const held = (seed: number) =>
      prompts.filter((prompt) => partOf(prompt, { seed, evalPercent: 10 }) === "eval");
    expect(held(1).length / prompts.length).toBeCloseTo(0.1, 1);
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });
});
