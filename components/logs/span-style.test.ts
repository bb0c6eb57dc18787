import { expect, test } from "vitest";
import { resolveTerminalText } from "./resolve-terminal-text";
import { spanStyle } from "./span-style";

const styleOf = (line: string) => spanStyle(resolveTerminalText(line)[0] ?? expect.fail("no span"));

test.each<[string, Record<string, unknown> | undefined]>([
  ["plain", undefined],
  ["\x1b[31mx", { color: "var(--bad)" }],
  ["\x1b[48;2;255;255;0mx", { color: "#000000", background: "#ffff00" }],
  ["\x1b[48;2;0;0;90mx", { color: "#ffffff", background: "#00005a" }],
  ["\x1b[7mx", { color: "var(--bg)", background: "var(--fg)" }],
  ["\x1b[7;32mx", { color: "var(--bg)", background: "var(--ok)" }],
  ["\x1b[1;4mx", { fontWeight: 600, textDecoration: "underline" }],
])("%j", (line, style) => expect(styleOf(line)).toEqual(style));
