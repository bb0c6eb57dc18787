import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RenderedCommand } from "../../contracts/recipes";
import { renderCommandFiles } from "./render-command-files";

const command: RenderedCommand = {
  workingDirectory: "~/a b",
  argv: ["deepspeed", "main.py", "--name=it's $HOME; `id`", "--data_split", "2,4,4"],
  env: { HF_TOKEN: "hf_'x' $y", EMPTY: "", LINES: "1\n2\n" },
  pathPrepend: ["/opt/venv it/bin"],
  outputDirectory: "/out",
  eventDirectories: [],
  expectedFiles: [],
};

it("writes the command without any value of the environment", () => {
  const { cmd, env } = renderCommandFiles(command, "/home/ann");
  expect(cmd).toBe(
    [
      "cd '/home/ann/a b' || exit 125",
      "PATH='/opt/venv it/bin':$PATH",
      "export PATH",
      "exec deepspeed main.py '--name=it'\\''s $HOME; `id`' --data_split 2,4,4",
      "",
    ].join("\n"),
  );
  expect(cmd).not.toContain("hf_");
  expect(env).toContain("PYTHONUNBUFFERED=1\n");
});

it("a shell gets every value back byte for byte", () => {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-env-"));
  const file = join(directory, "env");
  writeFileSync(file, renderCommandFiles(command, "/home/ann").env);
  for (const [name, value] of Object.entries(command.env)) {
    const { stdout } = spawnSync("sh", ["-c", `set -a; . "$1"; exec printenv "$2"`, "sh", file, name], {
      encoding: "utf8",
    });
    expect(stdout).toBe(`${value}\n`);
  }
  rmSync(directory, { recursive: true });
});
