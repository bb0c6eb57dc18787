import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import program from "./prepare-node.sh";

const MAIN = "applications/DeepSpeed-Chat/training/main.py";

describe("uninstall of prepare-node.sh", () => {
  let root: string;
  let examples: string;
  let mark: string;
  let commit: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "trainyard-prepare-"));
    examples = join(root, "env/DeepSpeedExamples");
    mark = join(root, "env/.trainyard/DeepSpeedExamples");
    mkdirSync(join(root, "env/.trainyard"), { recursive: true });
    mkdirSync(join(root, "source"));
    for (const text of ["one", "two"]) {
      put("source", MAIN, text);
      git("source", "init", "-q");
      git("source", "add", "-A");
      git("source", "commit", "-q", "-m", text);
    }
    commit = git("source", "rev-parse", "HEAD");
    mkdirSync(examples);
    git("env/DeepSpeedExamples", "init", "-q");
    fetch(commit);
    writeFileSync(mark, `clone ${commit}\n`);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(directory: string, file: string, text: string): void {
    const path = join(root, directory, file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }
  function git(directory: string, ...args: string[]): string {
    const login = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    const result = spawnSync("git", ["-C", join(root, directory), ...login, ...args], { encoding: "utf8" });
    expect(result, result.stderr).toMatchObject({ status: 0 });
    return result.stdout.trim();
  }
  const own = (...args: string[]) => git("env/DeepSpeedExamples", ...args);
  function fetch(of: string): void {
    own("fetch", "-q", "--depth", "1", "--no-tags", `file://${join(root, "source")}`, of);
    own("checkout", "-q", "-f", "--detach", of);
  }
  /** The line of the step that removes the checkout. */
  function uninstall(): string {
    const job = join(root, "jobs/one");
    mkdirSync(job, { recursive: true });
    const result = spawnSync("sh", ["-c", program, "sh", "uninstall"], {
      encoding: "utf8",
      env: {
        NODE_ENV: "test",
        PATH: process.env.PATH,
        HOME: root,
        TRAINYARD_DIRECTORY: job,
        PREPARE_ENV: join(root, "env"),
      },
    });
    expect(result, result.stderr).toMatchObject({ status: 0 });
    const lines = readFileSync(join(job, "steps"), "utf8").split("\n");
    return lines.findLast((line) => line.startsWith("examples ")) ?? "";
  }

  const MINE = "changes of your own";
  it.each<[string, () => void, RegExp]>([
    ["a file was edited", () => put("env/DeepSpeedExamples", MAIN, "mine"), /main\.py/],
    ["work was committed", () => commitMine(), /commit/],
    [
      "work was committed on a branch that was left",
      () => {
        own("checkout", "-q", "-b", "mine");
        commitMine();
        own("checkout", "-q", "--detach", commit);
      },
      /branch mine/,
    ],
    [
      "work was stashed",
      () => {
        put("env/DeepSpeedExamples", MAIN, "mine");
        own("stash", "-q");
      },
      /stash@/,
    ],
    ["git's own directory is gone", () => rmSync(join(examples, ".git"), { recursive: true }), /cannot read/],
    [
      "it was cut off, and a file was edited",
      () => {
        writeFileSync(mark, "");
        put("env/DeepSpeedExamples", MAIN, "mine");
      },
      /main\.py/,
    ],
    [
      "it was cut off, and work was committed",
      () => {
        writeFileSync(mark, "");
        commitMine();
      },
      /commit/,
    ],
  ])("leaves a checkout where %s", (_what, change, word) => {
    change();
    const line = uninstall();
    expect(line).toContain(`skipped`);
    expect(line).toContain(MINE);
    expect(line).toMatch(word);
    expect(existsSync(examples)).toBe(true);
  });
  function commitMine(): void {
    put("env/DeepSpeedExamples", MAIN, "mine");
    own("commit", "-q", "-a", "-m", "mine");
  }

  it.each<[string, () => void]>([
    ["as it was made", () => {}],
    [
      "half made, without a file yet",
      () => {
        writeFileSync(mark, "");
        rmSync(join(examples, MAIN));
      },
    ],
    [
      "half moved to another commit",
      () => {
        fetch(git("source", "rev-parse", "HEAD^"));
        own("fetch", "-q", "--depth", "1", `file://${join(root, "source")}`, commit);
        put("env/DeepSpeedExamples", MAIN, "two");
        writeFileSync(mark, "");
      },
    ],
    [
      "begun, before anything arrived",
      () => {
        rmSync(examples, { recursive: true });
        mkdirSync(examples);
        writeFileSync(mark, "");
      },
    ],
  ])("removes a checkout %s", (_what, change) => {
    change();
    expect(uninstall()).toContain("examples done");
    expect(existsSync(examples)).toBe(false);
  });
});

describe("a step of prepare-node.sh that fails", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "trainyard-prepare-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("says what the program said, whatever bytes came with it", () => {
    const python = join(root, "python3");
    const complaint = String.raw`printf 'Compressing: \000\377 50%%\rThe disk is on fire\n' >&2`;
    const shim = ["#!/bin/sh", 'case $2 in *sys.executable*) echo "/usr/bin/x 3.11";; esac'];
    writeFileSync(python, [...shim, `case $1 in -m) ${complaint}; exit 1;; esac`, ""].join("\n"), {
      mode: 0o755,
    });
    const job = join(root, "jobs/one");
    mkdirSync(job, { recursive: true });
    spawnSync("sh", ["-c", program, "sh", "prepare"], {
      env: {
        NODE_ENV: "test",
        PATH: process.env.PATH,
        HOME: root,
        TRAINYARD_DIRECTORY: job,
        PREPARE_ENV: join(root, "env"),
        PREPARE_PYTHON: python,
      },
    });
    const line = readFileSync(join(job, "steps"), "utf8").trimEnd().split("\n").at(-1);
    expect(line).toMatch(
      /^environment failed \d+ The virtual environment could not be made: Compressing: \S+ 50% /,
    );
  });
});
