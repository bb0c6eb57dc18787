import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProcessRegistry } from "./leftovers";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "trainyard-registry-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const sleeper = () => spawn("sleep", ["300"], { stdio: "ignore" });

test("children of a killed supervisor are ended before a new one starts", async () => {
  const file = join(directory, "run", "processes.json");
  const child = sleeper();
  const registry = await ProcessRegistry.claim(file);
  registry.addChild("worker", child.pid ?? 0);
  const content = JSON.parse(readFileSync(file, "utf8"));
  // A supervisor that is gone: a pid whose start time is another process's.
  writeFileSync(file, JSON.stringify({ ...content, supervisor: { pid: 1, startedAt: "1" } }));
  const gone = once(child, "exit");
  await ProcessRegistry.claim(file);
  const [, signal] = await gone;
  expect(signal).toBe("SIGTERM");
});

test("a process that only inherited the pid of a child is left alone", async () => {
  const file = join(directory, "processes.json");
  const bystander = sleeper();
  writeFileSync(
    file,
    JSON.stringify({
      supervisor: { pid: 1, startedAt: "1" },
      children: { worker: { pid: bystander.pid, startedAt: "1" } },
    }),
  );
  await ProcessRegistry.claim(file);
  expect(bystander.exitCode).toBeNull();
  expect(bystander.signalCode).toBeNull();
  bystander.kill();
});

test("a second start on the same data directory is refused with the first one's process id", async () => {
  const file = join(directory, "processes.json");
  const other = sleeper();
  const claimed = await ProcessRegistry.claim(file);
  claimed.addChild("web", other.pid ?? 0);
  const content = JSON.parse(readFileSync(file, "utf8"));
  const running = { pid: other.pid, startedAt: content.children.web.startedAt };
  writeFileSync(file, JSON.stringify({ supervisor: running, children: {} }));
  await expect(ProcessRegistry.claim(file)).rejects.toThrow(
    `already runs on this data directory (process ${other.pid})`,
  );
  other.kill();
});
