import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import program from "../worker/scripts/prepare-node.sh";
import { run } from "./processes";

export const APPLICATION_FILE = "applications/DeepSpeed-Chat/training/step1_supervised_finetuning/main.py";

/**
 * The job of preparing, with a Python whose venv and pip are shell: pip says $COMPLAINT and fails, git's fetch says $GIT_COMPLAINT
 * and fails, where there is one. It ends before the application's step, which would write into the real Python's packages.
 */
export class PrepareJob {
  readonly root = mkdtempSync(join(tmpdir(), "trainyard-prepare-"));
  private readonly job = join(this.root, "jobs/one");

  constructor() {
    for (const directory of ["jobs/one", "bin"]) mkdirSync(join(this.root, directory), { recursive: true });
    for (const name of ["torch.lock", "requirements.lock"]) writeFileSync(join(this.job, name), "");
    const shim = `#!/bin/sh
case "$1 $2 $3" in
*sys.executable*) echo '/usr/bin/x 3.11' ;;
*sys.version_info*) ;;
*sysconfig*) exit 1 ;;
'-m venv '*) eval "$VENV_COMPLAINT"; mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
'-m pip install') eval "$COMPLAINT" ;;
'-m '*) ;;
*) exec python3 "$@" ;;
esac
`;
    writeFileSync(join(this.root, "python"), shim, { mode: 0o755 });
    const git = spawnSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).stdout.trim();
    const fetches = `#!/bin/sh\ncase $1 in fetch) eval "$GIT_COMPLAINT" ;; esac\nexec ${git} "$@"\n`;
    writeFileSync(join(this.root, "bin/git"), fetches, { mode: 0o755 });
  }
  /** @returns the last line that a step said */
  run(env: Record<string, string>): string {
    const result = spawnSync("sh", ["-c", program, "sh", "prepare"], {
      encoding: "utf8",
      env: {
        NODE_ENV: "test",
        PATH: `${join(this.root, "bin")}:${process.env.PATH}`,
        HOME: this.root,
        TRAINYARD_DIRECTORY: this.job,
        PREPARE_ENV: join(this.root, "env"),
        PREPARE_PYTHON: join(this.root, "python"),
        PREPARE_TORCH: "",
        PREPARE_SOURCE: "clone",
        PREPARE_URL: "file:///nowhere",
        PREPARE_REF: "main",
        ...env,
      },
    });
    if (result.signal !== null) throw new Error(`${result.signal}: ${result.stderr}`);
    return this.lines().at(-1) ?? "";
  }
  lines(): string[] {
    return readFileSync(join(this.job, "steps"), "utf8").trimEnd().split("\n");
  }
  stepOf(name: string): string {
    return this.lines().findLast((line) => line.startsWith(`${name} `)) ?? "";
  }
  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }
  put(text: string, ...parts: string[]): void {
    mkdirSync(this.path(...parts, ".."), { recursive: true });
    writeFileSync(this.path(...parts), text);
  }
  /** A tar of one folder that holds these files, as the job's archive. @returns the settings for it */
  archive(...files: string[]): Record<string, string> {
    rmSync(this.path("packed"), { recursive: true, force: true });
    for (const file of files) this.put("packed", "packed/DeepSpeedExamples", file);
    run("tar", ["-czf", join(this.job, "archive"), "-C", this.path("packed"), "DeepSpeedExamples"]);
    copyFileSync(
      join(import.meta.dirname, "../worker/scripts/extract-archive.py"),
      join(this.job, "extract-archive.py"),
    );
    const sha256 = String(files.length);
    return {
      PREPARE_SOURCE: "archive",
      PREPARE_ARCHIVE_NAME: "examples.tar.gz",
      PREPARE_ARCHIVE_SHA256: sha256,
    };
  }
  /** A repository with the application. @returns the settings for it */
  repository(): Record<string, string> {
    this.put("cloned", "source", APPLICATION_FILE);
    const git = (...args: string[]) =>
      run("git", ["-C", this.path("source"), "-c", "user.name=t", "-c", "user.email=t@example.org", ...args]);
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "one");
    return { PREPARE_URL: `file://${this.path("source")}` };
  }
  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
