import { expect, test } from "vitest";
import { highlightSpans } from "./highlight-spans";
import { resolveTerminalText } from "./resolve-terminal-text";

const marked = (line: string, query: string) =>
  highlightSpans(resolveTerminalText(line), query).map(({ text, isMatch }) => (isMatch ? `[${text}]` : text));

test.each([
  ["Loss: 1, loss: 2", "loss", ["[Loss]", ": 1, ", "[loss]", ": 2"]],
  ["aaaa", "aa", ["[aa]", "[aa]"]],
  ["epoch \x1b[31m1\x1b[0m2 done", "1", ["epoch ", "[1]", "2 done"]],
  ["step \x1b[31m4\x1b[0m2 of 42", "42", ["step ", "[4]", "[2]", " of ", "[42]"]],
  ["nothing", "x", ["nothing"]],
  ["nothing", "", ["nothing"]],
  ["", "x", []],
])("in %j, %j is marked", (line, query, pieces) => expect(marked(line, query)).toEqual(pieces));
