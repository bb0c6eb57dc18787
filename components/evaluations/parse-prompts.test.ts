import { describe, expect, test } from "vitest";
import { parsePrompts } from "./parse-prompts";
import { promptParts, questionOf, toChatPrompt } from "./prompt-text";

const LINES = { areParagraphs: false, isWrapped: false };

describe("pasted prompts", () => {
  test.each([
    ["one a line, without the empty ones", "a\n\n  b  \r\nc\n", ["a", "b", "c"]],
    ["a JSON array of strings", '["a", "b\\nc"]', ["a", "b\nc"]],
    ["a JSON array of objects", '[{"prompt": "a", "id": 1}]', ["a"]],
    ["JSON lines", '{"prompt": "a"}\n{"prompt": "b"}\n', ["a", "b"]],
    ["a quoted line that is no JSON", '"Yes", she said.', ['"Yes", she said.']],
    ["text that only begins like an array", "[draft] Who?", ["[draft] Who?"]],
    ["JSON of another shape, as text", '[{"question": "a"}]', ['[{"question": "a"}]']],
    ["nothing", " \n ", []],
  ])("%s", (_what, text, expected) => {
    expect(parsePrompts(text, LINES)).toEqual(expected);
  });

  test("paragraphs keep their lines", () => {
    expect(parsePrompts("a\nb\n\nc", { ...LINES, areParagraphs: true })).toEqual(["a\nb", "c"]);
  });

  test("plain questions are wrapped, those with a speaker are not", () => {
    expect(parsePrompts("Why?\nHuman: Who? Assistant:", { ...LINES, isWrapped: true })).toEqual([
      "Human: Why? Assistant:",
      "Human: Who? Assistant:",
    ]);
  });
});

test.each([
  ["Human: Why is the sky blue? Assistant:", "Why is the sky blue?"],
  ["Human: two\nlines Assistant: ", "two\nlines"],
  ["Once upon a time", "Once upon a time"],
  ["Human:  Assistant:", "Human:  Assistant:"],
])("the question of %j is %j", (prompt, question) => {
  const parts = promptParts(prompt);
  expect(questionOf(prompt)).toBe(question);
  expect(parts.before + parts.question + parts.after).toBe(prompt);
});

test("a wrapped question is found again", () => {
  expect(questionOf(toChatPrompt("Why?"))).toBe("Why?");
});
