import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NodeSettings } from "../../contracts/nodes";
import type { ReadinessLine } from "../../contracts/readiness";
import { judgeReadiness } from "../../nodes/readiness/judge-readiness";
import { ReadinessFacts } from "../../nodes/readiness/readiness-facts";
import { run } from "../../testing/processes";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { connectNode, type LiveConnection, toSecret } from "../ssh";
import { checkReadiness } from "./check-readiness";
import { takeInventory } from "./take-inventory";

const isRoot = process.getuid?.() === 0;

describe.skipIf(sshdUnavailable !== null)("checkReadiness", () => {
  let sshd: TestSshd;
  let hub: Server;
  let connection: LiveConnection;
  let bin: string;
  /** A directory of its own for each test, first on PATH. */
  let count = 0;

  const connect = (target: TestSshd) =>
    connectNode({
      nodeId: "00000000-0000-4000-8000-000000000001",
      host: target.host,
      port: target.port,
      username: target.username,
      hostKey: target.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: target.privateKey }),
    });
  beforeAll(async () => {
    sshd = await startSshd({ bashrc: 'export PATH="$HOME/bin:$PATH"\n' });
    connection = await connect(sshd);
    hub = createServer((_request, response) => response.end("[]"));
    await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    connection.close();
    hub.close();
    await sshd.stop();
  });
  beforeEach(() => {
    count += 1;
    bin = join(sshd.homeDirectory, `case-${count}`, "bin");
    mkdirSync(bin, { recursive: true });
    chmodSync(join(bin, ".."), 0o777);
  });

  const install = (path: string, text: string) => {
    const file = join(bin, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  const hubAddress = () => `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;

  async function check(
    settings: Partial<NodeSettings> = {},
    over: LiveConnection = connection,
  ): Promise<{ facts: ReadinessFacts; line: (id: string) => ReadinessLine }> {
    const env = { HF_ENDPOINT: hubAddress(), PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, ...settings.env };
    const node = { isPractice: false, settings: NodeSettings.parse({ ...settings, env }) };
    const inventory = await takeInventory(over, node.settings);
    const facts = await checkReadiness({ connection: over, node, inventory });
    expect(ReadinessFacts.parse(facts)).toEqual(facts);
    const lines = judgeReadiness(facts);
    const line = (id: string) => {
      const found = lines.find((candidate) => candidate.id === id);
      if (found === undefined) throw new Error(`no line is called ${id}`);
      return found;
    };
    return { facts, line };
  }
  /** PATH with everything of the system but some programs. */
  const pathWithout = (...names: string[]) => {
    for (const directory of ["/usr/bin", "/bin", "/usr/sbin"])
      run("sh", [
        "-c",
        'for f in "$1"/*; do n=$(basename "$f"); [ -e "$2/$n" ] || ln -s "$f" "$2/$n"; done',
        "sh",
        directory,
        bin,
      ]);
    for (const name of names) run("rm", ["-f", join(bin, name)]);
    return { PATH: bin };
  };
  /** A Python whose answers are written down; what it is not told it does not know. */
  const installPython = (lines: readonly string[], version = "3.11.7") => {
    install(
      "python3",
      `#!/bin/sh\ncase $2 in *probe-readiness*) cat <<'END'\n${lines.join("\n")}\nEND\n;; *) echo ${version} ;; esac\n`,
    );
  };

  it("finds this machine's own system and storage in order, and leaves nothing behind", async () => {
    const { facts, line } = await check();
    for (const id of ["login_shell", "sftp", "setsid", "clock", "write_rename_link"])
      expect(line(id), id).toMatchObject({ state: "ok" });
    expect(facts.login).toMatchObject({ shell: "/bin/bash", noise: "", noiseBytes: 0, sftpError: null });
    expect(facts.places.map(({ role }) => role).toSorted()).toEqual(["home", "hub", "shm", "tmp", "work"]);
    expect(facts.places.every((place) => place.freeKiB !== null && place.writeError === null)).toBe(true);
    const left = run("find", [
      sshd.homeDirectory,
      "/tmp",
      "/dev/shm",
      "-maxdepth",
      "1",
      "-name",
      ".trainyard-check*",
    ]);
    expect(left).toBe("");
    const [low, high] = facts.clockOffsetMs ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThanOrEqual(-1);
    expect(high - low).toBeLessThan(2_000);
  });

  it("hears a login shell that prints, and that file transfer breaks over it", async () => {
    const noisy = await startSshd({ bashrc: "printf '\\033[1mWelcome to the cluster\\033[0m\\n'\n" });
    const over = await connect(noisy);
    try {
      const { facts, line } = await check({}, over);
      expect(facts.login.noise).toBe("Welcome to the cluster");
      expect(facts.login.noiseBytes).toBeGreaterThan(20);
      expect(line("login_shell")).toMatchObject({
        state: "error",
        evidence: expect.stringContaining("Welcome to the cluster"),
      });
      expect(line("sftp").state).toBe("error");
      expect(line("setsid").state).toBe("ok");
    } finally {
      over.close();
      await noisy.stop();
    }
  });

  it("misses setsid, a compiler, ninja and Python where they are not on the PATH", async () => {
    const compilers = ["c++", "g++", "ninja", "nvcc"];
    const { line } = await check({ env: pathWithout("setsid", "python", "python3", ...compilers) });
    expect(line("setsid").state).toBe("error");
    expect(line("python")).toMatchObject({ state: "error", evidence: "No Python is on the PATH." });
    expect(line("compiler")).toMatchObject({
      state: "warning",
      evidence: expect.stringContaining("a C++ compiler, ninja not found"),
    });
    for (const id of ["torch", "transformers", "datasets", "hub"])
      expect(line(id).state, id).toBe("not_applicable");
  });

  it.each([
    [
      "link",
      "ln",
      "echo 'ln: failed to create hard link: Operation not permitted' >&2; exit 1",
      "Operation not permitted",
    ],
    ["exclusive", "ln", 'shift $(($# - 2)); cp "$1" "$2"', "second link over an existing name"],
    ["rename", "mv", "echo 'mv: cannot move: Input/output error' >&2; exit 1", "Input/output error"],
  ])("notices a disk without %s", async (failed, program, text, evidence) => {
    install(program, `#!/bin/sh\n${text}\n`);
    const { facts, line } = await check();
    expect(facts.files?.failed).toBe(failed);
    expect(line("write_rename_link")).toMatchObject({
      state: "error",
      evidence: expect.stringContaining(evidence),
    });
  });

  it("says that a directory cannot be written", async () => {
    const closed = join(bin, "..", "closed");
    mkdirSync(closed, { mode: 0o755 });
    const workDirectory = isRoot ? closed : "/proc/trainyard";
    const { line } = await check({ workDirectory, env: { HF_HOME: `${workDirectory}/hf` } });
    expect(line("work_disk")).toMatchObject({
      state: "error",
      evidence: expect.stringContaining("cannot be written"),
    });
    expect(line("hub_cache")).toMatchObject({
      state: "error",
      evidence: expect.stringContaining("cannot be written"),
    });
    expect(line("write_rename_link").evidence).toContain("could not be written");
    expect(line("home_disk").evidence).not.toContain("cannot be written");
  });

  it.skipIf(!isRoot || !canMount())("says that a disk is full", async () => {
    const disk = join(bin, "..", "disk");
    mkdirSync(disk);
    run("mount", ["-t", "tmpfs", "-o", "size=64k,mode=1777", "tmpfs", disk]);
    try {
      run("sh", ["-c", 'head -c 65536 /dev/zero >"$1/fill" || true', "sh", disk]);
      const { line } = await check({ workDirectory: `${disk}/runs`, env: { TMPDIR: disk } });
      expect(line("work_disk")).toMatchObject({
        state: "error",
        evidence: expect.stringContaining("No space left"),
      });
      expect(line("tmp_disk").state).toBe("error");
      expect(line("write_rename_link").state).toBe("error");
    } finally {
      run("umount", [disk]);
    }
  });

  it("measures a clock that is ahead, and one that says whole seconds only", async () => {
    const late = await startSshd({ bashrc: 'export PATH="$HOME/shims:$PATH"\n' });
    mkdirSync(join(late.homeDirectory, "shims"));
    const shim = join(late.homeDirectory, "shims", "date");
    writeFileSync(shim, "#!/bin/sh\nexec /bin/date -d '+90 seconds' +%s.\n");
    chmodSync(shim, 0o755);
    const over = await connect(late);
    try {
      const { facts, line } = await check({}, over);
      const [low, high] = facts.clockOffsetMs ?? [Number.NaN, Number.NaN];
      expect(low).toBeLessThanOrEqual(90_000);
      expect(high).toBeGreaterThanOrEqual(90_000);
      expect(line("clock")).toMatchObject({
        state: "warning",
        evidence: expect.stringContaining("ahead of"),
      });
    } finally {
      over.close();
      await late.stop();
    }
  });

  it("reads what logind would do to training", async () => {
    install("busctl", "#!/bin/sh\necho b true\n");
    const { facts, line } = await check({ env: { XDG_SESSION_ID: "7" } });
    expect(facts.logind).toMatchObject({ isRunning: true, killUserProcesses: true, isInSession: true });
    expect(line("kill_user_processes").state).toBe("error");
    install("busctl", "#!/bin/sh\necho b false\n");
    expect((await check()).line("kill_user_processes").state).toBe("ok");
  });

  it("asks the Python that the deepspeed program names, and the launcher is told when that is gone", async () => {
    installPython(['torch={"version":"2.5.1","cuda":"12.4","deviceCount":0}']);
    install("deepspeed", `#!${join(bin, "elsewhere", "python3")}\n`);
    const { line } = await check();
    expect(line("python").evidence).toBe(`3.11.7 at ${join(bin, "python3")}`);
    install("elsewhere/python3", "#!/bin/sh\necho 3.12.1\n");
    const found = await check();
    expect(found.facts.python).toMatchObject({ version: "3.12.1", path: join(bin, "elsewhere", "python3") });
    expect(found.facts.python.launcherError).toBeNull();
  });

  it("takes the virtual environment of the settings, and says when there is none", async () => {
    install("venv/bin/python", "#!/bin/sh\necho 3.9.2\n");
    const virtualEnvironment = join(bin, "venv");
    expect((await check({ virtualEnvironment })).line("python")).toMatchObject({
      state: "warning",
      evidence: expect.stringContaining(`3.9.2 at ${virtualEnvironment}/bin/python`),
    });
    expect((await check({ virtualEnvironment: "~/gone" })).line("python")).toMatchObject({
      state: "error",
      evidence: expect.stringContaining(`${sshd.homeDirectory}/gone`),
    });
  });

  it("finds a newer Python on the PATH and in the home, where the node's own is too old to be prepared with", async () => {
    install(
      "python3",
      '#!/bin/sh\n[ "$2" = "import sys; print(\\"%d.%d.%d\\" % sys.version_info[:3])" ] && echo 3.10.12\n',
    );
    install("python3.13", "#!/bin/sh\necho 3.13.1\n");
    install("python3.14", "#!/bin/sh\nexit 1\n");
    install("uv", "#!/bin/sh\n");
    const ours = join(sshd.homeDirectory, ".local/share/uv/python/one/bin/python3");
    mkdirSync(join(ours, ".."), { recursive: true });
    writeFileSync(ours, "#!/bin/sh\necho 3.12.7\n", { mode: 0o755 });
    const { facts, line } = await check();
    expect(facts.python.interpreters[0]).toEqual({ path: join(bin, "python3.13"), version: "3.13.1" });
    expect(facts.python.interpreters).toContainEqual({ path: ours, version: "3.12.7" });
    expect(facts.python.interpreters.map(({ version }) => version)).not.toContain("3.10.12");
    expect(facts.python.installer).toBe(join(bin, "uv"));
    expect(line("python")).toMatchObject({
      state: "warning",
      evidence: expect.stringContaining("needs 3.11"),
    });
    expect(line("python").fix?.text).toContain(`Prepare the node with ${join(bin, "python3.13")}`);
  });

  it("says of each package that it is missing, broken, or hangs", async () => {
    installPython([
      'python={"isVirtualEnvironment":false,"hasVenv":true,"hasHeaders":true,"tensorboard":null}',
      `torch={"error":"ImportError: libcudart.so.12: cannot open shared object file"}`,
      `deepspeed={"error":"ModuleNotFoundError: No module named 'deepspeed'"}`,
      'transformers={"isTimedOut":true}',
      'datasets={"error":"the process was ended by signal 11"}',
    ]);
    const { line } = await check();
    expect(line("torch").evidence).toContain("libcudart.so.12");
    expect(line("deepspeed").evidence).toContain("deepspeed is not installed");
    expect(line("transformers").evidence).toContain("did not end in time");
    expect(line("datasets").evidence).toContain("signal 11");
    expect(line("tensorboard").state).toBe("error");
    expect(line("deepspeed_ops").state).toBe("not_applicable");
  });

  it("compares torch with the GPUs and the driver of nvidia-smi", async () => {
    install(
      join("..", "..", "bin", "nvidia-smi"),
      [
        "#!/bin/sh",
        'case "$*" in',
        '  -L) echo "GPU 0: NVIDIA A30 (UUID: GPU-11)"; echo "GPU 1: NVIDIA A30 (UUID: GPU-12)" ;;',
        '  --query-gpu=*) echo "0, GPU-11, 24576, 535.1, NVIDIA A30"; echo "1, GPU-12, 24576, 535.1, NVIDIA A30" ;;',
        "  --version) exit 1 ;;",
        '  "") echo "| NVIDIA-SMI 535.1   Driver Version: 535.1   CUDA Version: 12.2     |" ;;',
        "esac\n",
      ].join("\n"),
    );
    installPython([
      'torch={"version":"2.9.0+cu130","cuda":"13.0","deviceCount":0,"cudaError":"driver too old"}',
    ]);
    const { line } = await check();
    expect(line("torch")).toMatchObject({
      title: "torch sees 2 GPUs",
      state: "error",
      evidence: "torch 2.9.0+cu130 sees 0 of 2 GPUs: driver too old",
    });
    expect(line("cuda_driver")).toMatchObject({
      state: "error",
      evidence: "torch is built for CUDA 13.0, driver 535.1 knows CUDA 12.2",
    });
  });

  it("looks whether DeepSpeed-Chat is whole, and at which commit", async () => {
    const examples = join(bin, "..", "examples");
    const application = join(examples, "applications/DeepSpeed-Chat");
    mkdirSync(join(application, "training/step1_supervised_finetuning"), { recursive: true });
    writeFileSync(join(application, "training/step1_supervised_finetuning/main.py"), "");
    expect((await check({ examplesDirectory: examples })).line("examples").evidence).toContain(
      "lacks dschat, training/step2_reward_model_finetuning/main.py",
    );
    for (const part of ["step2_reward_model_finetuning", "step3_rlhf_finetuning"]) {
      mkdirSync(join(application, "training", part));
      writeFileSync(join(application, "training", part, "main.py"), "");
    }
    mkdirSync(join(application, "dschat"));
    const { line } = await check({ examplesDirectory: examples });
    expect(line("examples")).toMatchObject({
      state: "ok",
      evidence: expect.stringContaining("commit is unknown"),
    });
    const inner = await check({ examplesDirectory: application });
    expect(inner.line("examples"), "the application's own directory").toMatchObject({ state: "ok" });
    expect((await check({ examplesDirectory: "~/nowhere" })).line("examples").state).toBe("error");
  });
});

function canMount(): boolean {
  try {
    run("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    return true;
  } catch {
    return false;
  }
}
