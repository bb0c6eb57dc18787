import { expect, test } from "vitest";
import { commandText, quote } from "./command-text";

test("a command reads as a shell would take it, one flag a line", () => {
  const text = commandText({
    workingDirectory: "~/DeepSpeed Examples/step1",
    argv: ["deepspeed", "--include", "localhost:0,1", "main.py", "--data_path", "a b", "--print_loss"],
    env: { HF_HOME: "/data/my cache" },
    pathPrepend: ["/opt/venv/bin"],
    outputDirectory: "/out",
    eventDirectories: [],
    expectedFiles: [],
  });
  expect(text.split("\n")).toEqual([
    "cd ~/'DeepSpeed Examples/step1'",
    'export PATH=/opt/venv/bin:"$PATH"',
    "HF_HOME='/data/my cache' \\",
    "deepspeed \\",
    "  --include localhost:0,1 \\",
    "  main.py \\",
    "  --data_path 'a b' \\",
    "  --print_loss",
  ]);
});

test.each([
  ["plain-1.3b_x", "plain-1.3b_x"],
  ["it's", "'it'\\''s'"],
  ["$(rm -rf ~)", "'$(rm -rf ~)'"],
  ["", "''"],
])("%s is quoted as %s", (text, quoted) => expect(quote(text)).toBe(quoted));
