import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type AttemptScripts,
  createAttemptScripts,
  isShellInstalled,
  SHELLS,
} from "../../testing/attempt-scripts";
import { isAlive, waitUntil } from "../../testing/processes";
import launchScript from "../scripts/launch.sh";
import type { AttemptProbe } from "./parse-probe";

const STUBBORN = `trap "" TERM
(setsid sh -c 'trap "" TERM; echo $$ >grandchild; while :; do sleep 1; done' &)
echo $$ >parent
while :; do sleep 1; done`;

describe.each(SHELLS.filter(isShellInstalled))("the supervisor under %s", (shell) => {
  let scripts: AttemptScripts;
  let id: string;
  beforeEach(() => {
    scripts = createAttemptScripts(shell);
    id = randomUUID();
  });
  afterEach(() => scripts.remove());

  const probe = async (): Promise<AttemptProbe> => {
    const found = (await scripts.probe(id)).attempts.get(id);
    if (found === undefined) throw new Error("the probe did not name the attempt");
    return found;
  };
  const reaches = (state: AttemptProbe["state"]) =>
    waitUntil(async () => (await probe()).state === state, `the attempt to be ${state}`);
  const pidIn = (file: string) => Number(readFileSync(join(scripts.directory(id), file), "utf8"));

  it("keeps the exit status, the output and nothing of the environment but what it was given", async () => {
    const said = await scripts.launch(
      id,
      'echo "[$SECRET]"; echo problem >&2; umask; exit 42',
      "SECRET='a b'\n",
    );
    expect(said).toBe("launched");
    await reaches("exit");
    expect((await probe()).exit).toEqual({
      status: 42,
      why: "exit",
      oomKills: 0,
      leakedPids: [],
      orphanedRanks: 0,
    });
    expect(scripts.read(id, "training.log")).toBe(
      `[a b]\nproblem\n${process.umask().toString(8).padStart(4, "0")}\n`,
    );
    expect(scripts.read(id, "cmd")).not.toContain("a b");
  });

  it("starts once, however often and at the same time it is launched", async () => {
    const twenty = Array.from({ length: 20 }, () => scripts.launch(id, "echo started; sleep 2"));
    const said = await Promise.all(twenty);
    expect(said.filter((each) => each === "launched")).toHaveLength(1);
    expect(said.filter((each) => each === "exists")).toHaveLength(19);
    await reaches("exit");
    expect(scripts.read(id, "training.log")).toBe("started\n");
    expect(await scripts.launch(id, "echo again")).toBe("exists");
    expect(scripts.read(id, "training.log")).toBe("started\n");
  });

  it("half a launch script, cut off with its link, does nothing", async () => {
    const staging = scripts.stage(id, "echo started");
    for (const part of [0.2, 0.5, 0.8, 0.99]) {
      await scripts.run(launchScript.slice(0, launchScript.length * part), scripts.root, id, staging, "");
    }
    expect((await probe().catch(() => null))?.state ?? "absent").toBe("absent");
    expect(existsSync(scripts.directory(id))).toBe(false);
  });

  it("kills a parent that ignores TERM and a grandchild in another session, after the grace", async () => {
    await scripts.launch(id, STUBBORN);
    await waitUntil(() => existsSync(join(scripts.directory(id), "grandchild")), "the grandchild");
    const pids = [pidIn("parent"), pidIn("grandchild")];
    await scripts.job("cancel", scripts.directory(id), "ann@example.org", "1");
    await scripts.job("cancel", scripts.directory(id), "bob@example.org", "500");
    await reaches("exit");
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
    const after = await probe();
    expect(after.cancel).toEqual({ who: "ann@example.org", graceSeconds: 1 });
    expect(after.exit).toMatchObject({ status: 137, why: "cancel", leakedPids: [] });
  });

  it("ends what the training left behind before it says that it ended", async () => {
    await scripts.launch(id, "(setsid sleep 300 & echo $! >left); while [ ! -s left ]; do :; done; exit 0");
    await reaches("exit");
    expect(isAlive(pidIn("left"))).toBe(false);
    expect((await probe()).exit).toMatchObject({ status: 0, why: "exit" });
  });

  it("counts ranks that outlive their launcher, and ends them", async () => {
    const rank = `sh -c 'echo $$ >rank; while :; do sleep 0.1; done' main.py --local_rank=0`;
    await scripts.launch(id, `${rank} & while [ ! -s rank ]; do :; done; exit 0`);
    await reaches("exit");
    expect(isAlive(pidIn("rank"))).toBe(false);
    expect((await probe()).exit).toMatchObject({ status: 0, why: "exit", orphanedRanks: 1 });
  });

  it("killed with -9 leaves the training running, and its end is fenced once and is no success", async () => {
    await scripts.launch(id, "exec sleep 300");
    await reaches("running");
    await waitUntil(() => existsSync(join(scripts.directory(id), "child")), "the child's pid");
    process.kill(scripts.number(id, "id", "wpid"), "SIGKILL");
    await reaches("unsupervised");
    expect((await scripts.job("fence", scripts.directory(id), "lost")).status).toBe(3);
    await scripts.job("kill", scripts.directory(id), "TERM");
    await reaches("gone");
    expect((await scripts.job("fence", scripts.directory(id), "lost")).status).toBe(0);
    const first = scripts.read(id, "exit");
    expect((await scripts.job("fence", scripts.directory(id), "interrupted")).status).toBe(0);
    expect(scripts.read(id, "exit")).toBe(first);
    expect((await probe()).exit).toMatchObject({ status: null, why: "lost" });
  });

  it("a fence before the launch bars it for good", async () => {
    expect((await scripts.job("fence", scripts.directory(id), "never-launched")).status).toBe(0);
    expect(await scripts.launch(id, "echo late")).toBe("exists");
    expect((await probe()).exit).toMatchObject({ status: null, why: "never-launched" });
    expect(existsSync(join(scripts.directory(id), "training.log"))).toBe(false);
  });

  it.each([
    ["boot id", "boot"],
    ["pid namespace", "ns"],
    ["first process of the container", "p1"],
  ])("another %s means that the machine was started again", async (_, key) => {
    await scripts.launch(id, "exec sleep 300");
    await reaches("running");
    const pid = scripts.number(id, "id", "wpid");
    const before = scripts.read(id, "id");
    writeFileSync(join(scripts.directory(id), "id"), before.replace(new RegExp(`${key}=\\S+`), `${key}=7`));
    expect((await probe()).state).toBe("rebooted");
    writeFileSync(join(scripts.directory(id), "id"), before);
    await scripts.job("cancel", scripts.directory(id), "test", "0");
    await waitUntil(() => !isAlive(pid), "the supervisor to end");
  });

  it("a pid that was used again is not taken for the supervisor", async () => {
    await scripts.launch(id, "exec sleep 0.1");
    await reaches("exit");
    rmSync(join(scripts.directory(id), "exit"));
    const own = scripts.read(id, "id").replace(/wpid=\d+/, `wpid=${process.pid}`);
    writeFileSync(join(scripts.directory(id), "id"), own);
    expect((await probe()).state).toBe("gone");
  });

  it("signals that reach the supervisor change neither the training nor its status", async () => {
    await scripts.launch(id, "while [ ! -e enough ]; do sleep 0.1; done; exit 7");
    await reaches("running");
    const supervisor = scripts.number(id, "id", "wpid");
    for (const signal of ["SIGHUP", "SIGTERM", "SIGINT", "SIGUSR1"] as const)
      process.kill(supervisor, signal);
    expect((await probe()).state).toBe("running");
    writeFileSync(join(scripts.directory(id), "enough"), "");
    await reaches("exit");
    expect((await probe()).exit).toMatchObject({ status: 7, why: "exit" });
  });

  it("without the work directory's mark nothing is concluded", async () => {
    await scripts.launch(id, "exit 0");
    await reaches("exit");
    rmSync(join(scripts.root, ".trainyard"));
    expect(await scripts.probe(id)).toMatchObject({ isMounted: false, attempts: new Map() });
  });
});

const canMount = spawnSync("unshare", ["-m", "true"]).status === 0;
describe.skipIf(!canMount)("a full disk", () => {
  it("does not cost the exit status: it is written when there is room again", async () => {
    const disk = mkdtempSync(join(tmpdir(), "trainyard-full-"));
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]).status).toBe(0);
    const scripts = createAttemptScripts("dash", disk);
    const id = randomUUID();
    try {
      await scripts.launch(id, "while [ ! -e child ]; do :; done; head -c 400000 /dev/zero >filler; exit 9");
      await waitUntil(() => existsSync(join(scripts.directory(id), "filler")), "the disk to fill");
      const training = scripts.number(id, "child", "pid");
      await waitUntil(() => !isAlive(training), "the training to end");
      expect((await scripts.probe(id)).attempts.get(id)?.state).toBe("running");
      rmSync(join(scripts.directory(id), "filler"));
      await waitUntil(() => existsSync(join(scripts.directory(id), "exit")), "the exit file");
      expect((await scripts.probe(id)).attempts.get(id)?.exit).toMatchObject({ status: 9, why: "exit" });
    } finally {
      scripts.remove();
      spawnSync("umount", ["-l", disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});
