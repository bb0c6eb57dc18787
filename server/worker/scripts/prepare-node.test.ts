import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { APPLICATION_FILE as MAIN, PrepareJob } from "../../testing/prepare-job";
import program from "./prepare-node.sh";

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

describe("prepare of prepare-node.sh", () => {
  let job: PrepareJob;
  beforeEach(() => {
    job = new PrepareJob();
  });
  afterEach(() => job.remove());

  const NOISE = String.raw`printf 'Compressing: \000\377 50%%\r`;
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "the first words of venv",
      { VENV_COMPLAINT: `${NOISE}The disk is on fire\\n' >&2; exit 1` },
      /^environment failed \d+ The virtual environment could not be made: Compressing: \S+ 50% /,
    ],
    [
      "the setting behind words of pip",
      { COMPLAINT: `${NOISE}No space left on device\\n'; exit 1` },
      /^torch failed \d+ The disk of \S+ is full/,
    ],
    [
      "pip's last words",
      { COMPLAINT: `${NOISE}The disk is on fire\\n\\n'; exit 1` },
      /^torch failed \d+ The disk is on fire$/,
    ],
    [
      "a checkout of somebody else",
      { GIT_COMPLAINT: "echo 'fatal: detected dubious ownership in repository at /x' >&2; exit 128" },
      /^examples failed \d+ git does not trust a directory of another user/,
    ],
  ])("tells %s, whatever bytes came with it", (_what, env, line) => {
    expect(job.run(env)).toMatch(line);
  });

  it("takes an archive in place of a clone, and a clone in place of an archive", () => {
    const clone = job.repository();
    job.run(clone);
    expect(job.stepOf("examples")).toContain("done");
    const archive = job.archive(MAIN);
    job.run(archive);
    expect(job.stepOf("examples")).toMatch(/done \d+ examples\.tar\.gz$/);
    expect(readFileSync(job.path("env/DeepSpeedExamples", MAIN), "utf8")).toBe("packed");
    job.run(archive);
    expect(job.stepOf("examples")).toContain("kept");
    job.run(clone);
    expect(readFileSync(job.path("env/DeepSpeedExamples", MAIN), "utf8")).toBe("cloned");
  });

  it("leaves what was unpacked alone once somebody has changed it", () => {
    job.run(job.archive(MAIN));
    const later = new Date(Date.now() + 60_000);
    job.put("mine", "env/DeepSpeedExamples", MAIN);
    utimesSync(job.path("env/DeepSpeedExamples", MAIN), later, later);
    for (const settings of [job.repository(), job.archive(MAIN, "more")])
      expect(job.run(settings)).toContain("changes of your own");
    expect(readFileSync(job.path("env/DeepSpeedExamples", MAIN), "utf8")).toBe("mine");
  });

  it("keeps the checkout that is there when the archive has no application", () => {
    job.run(job.repository());
    expect(job.run(job.archive("applications/DeepSpeed-Chat/README"))).toContain(
      "no applications/DeepSpeed-Chat in it: check the archive",
    );
    expect(readFileSync(job.path("env/DeepSpeedExamples", MAIN), "utf8")).toBe("cloned");
    expect(readFileSync(job.path("env/.trainyard/DeepSpeedExamples"), "utf8")).toMatch(
      /^clone [0-9a-f]{40}\n$/,
    );
  });
});
