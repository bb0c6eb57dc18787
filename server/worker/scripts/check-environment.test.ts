import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const PACKAGES = ["torch", "deepspeed", "transformers", "datasets", "accelerate", "tensorboard"];
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "trainyard-check-"));
  mkdirSync(join(root, "bin"));
  const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  symlinkSync(python.stdout.trim(), join(root, "bin/python"));
  writeFileSync(join(root, "bin/deepspeed"), "");
  chmodSync(join(root, "bin/deepspeed"), 0o755);
  for (const name of [...PACKAGES, "dschat"]) {
    mkdirSync(join(root, "lib", `${name}-1.0.dist-info`), { recursive: true });
    writeFileSync(join(root, "lib", `${name}.py`), "");
    writeFileSync(
      join(root, "lib", `${name}-1.0.dist-info/METADATA`),
      `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    );
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function check(): { status: number | null; note: string } {
  const note = join(root, "note");
  const { status } = spawnSync(
    join(root, "bin/python"),
    [join(import.meta.dirname, "check-environment.py"), note],
    { env: { ...process.env, PYTHONPATH: join(root, "lib") } },
  );
  return { status, note: readFileSync(note, "utf8") };
}

it("names the versions when everything is there", () => {
  expect(check()).toEqual({ status: 0, note: PACKAGES.map((name) => `${name} 1.0`).join(", ") });
});

it("says which package cannot be imported", () => {
  writeFileSync(join(root, "lib/accelerate.py"), "raise OSError('libcuda.so is missing')");
  expect(check()).toEqual({
    status: 1,
    note: "accelerate cannot be imported (OSError: libcuda.so is missing).",
  });
});

it("misses the program that every run begins with", () => {
  chmodSync(join(root, "bin/deepspeed"), 0o644);
  const { status, note } = check();
  expect(status).toBe(1);
  expect(note).toContain(join(root, "bin/deepspeed"));
});
