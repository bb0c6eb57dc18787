import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeNvidiaSmi, type FakeMode, type FakeNvidiaSmi } from "@/server/testing/fake-nvidia-smi";
import { isAlive, waitUntil } from "@/server/testing/processes";
import telemetryScript from "../scripts/telemetry.sh";
import { type Frame, FrameReader } from "./read-frames";
import { scriptArguments } from "./start-telemetry";

const NODE = "0b1c2d3e-0000-4000-8000-000000000001";
const hasRealNvidiaSmi = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/local/nvidia/bin"].some((folder) =>
  existsSync(join(folder, "nvidia-smi")),
);
const shells = [
  { name: "dash", command: ["dash"] },
  { name: "bash", command: ["bash"] },
  { name: "busybox", command: ["busybox", "sh"] },
].filter(({ command }) => ["/usr/bin", "/bin"].some((folder) => existsSync(join(folder, command[0] ?? ""))));

interface Reader {
  child: ChildProcess;
  frames: Frame[];
  texts: (kind: Frame["kind"]) => string[];
  close: () => void;
  hasEnded: () => boolean;
}

let home: string;
let mark: string;
let fake: FakeNvidiaSmi;
const helpers: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "trainyard-telemetry-"));
  mkdirSync(join(home, "empty"));
  mark = randomUUID();
});
afterEach(async () => {
  for (const helper of helpers.splice(0)) helper.kill("SIGKILL");
  await waitUntil(() => {
    for (const pid of marked()) killIfThere(pid);
    return marked().length === 0;
  }, "the test's processes to end");
  rmSync(home, { recursive: true, force: true });
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself first.
  }
}

/** Processes of this test, by a mark in their environment. */
function marked(part = ""): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes(`TRAINYARD_TEST_MARK=${mark}`))
          return false;
        return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(part);
      } catch {
        // Gone, or somebody else's.
        return false;
      }
    });
}
/** nvidia-smi processes that read and live. */
const longQueries = () => fake.started().filter((pid) => isAlive(pid)).length;

function startReader(
  command: readonly string[],
  options: { epoch?: bigint; tickSeconds?: number; withoutGpu?: boolean; workDirectory?: string } = {},
): Reader {
  const [program = "", ...flags] = command;
  const args = scriptArguments({
    nonce: "n0nce",
    nodeId: NODE,
    epoch: options.epoch ?? 1n,
    tickSeconds: options.tickSeconds ?? 0.04,
    workDirectory: options.workDirectory ?? "~/.trainyard",
  });
  const child = spawn(program, [...flags, "-s", ...args], {
    env: {
      HOME: home,
      PATH: `${options.withoutGpu ? join(home, "empty") : fake.directory}:/usr/bin:/bin`,
      TRAINYARD_TEST_MARK: mark,
      NODE_ENV: "test",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const reader = new FrameReader("n0nce");
  const frames: Frame[] = [];
  let hasEnded = false;
  child.on("exit", () => {
    hasEnded = true;
  });
  child.stdout.on("data", (bytes: Buffer) => frames.push(...reader.push(bytes)));
  child.stdin.on("error", () => {});
  child.stdin.write(`(\n${telemetryScript}\n)\nexit "$?"\n`);
  return {
    child,
    frames,
    texts: (kind) => frames.filter((frame) => frame.kind === kind).map(({ text }) => text),
    close: () => {
      child.stdout.destroy();
      child.stdin.destroy();
    },
    hasEnded: () => hasEnded,
  };
}

function useFake(mode: FakeMode): void {
  fake = createFakeNvidiaSmi(home, mode);
}
const readerPid = () =>
  Number(/^pid (\d+)/m.exec(readFileSync(join(home, ".trainyard/telemetry", NODE, "pids"), "utf8"))?.[1]);

describe.each(shells)("the reader under $name", ({ command }) => {
  it("prints readings, host lines, disk and the list of GPUs", async () => {
    useFake("good");
    const reader = startReader(command);
    await waitUntil(
      () => reader.texts("G").length >= 8 && reader.texts("E").length > 0 && reader.texts("D").length > 0,
      "frames",
    );
    expect(reader.texts("V")).toEqual(["1"]);
    expect(reader.texts("G")[0]).toMatch(/^0, GPU-\S+a0, 2, 40, .*, Fake GPU, 24GB$/);
    expect(reader.texts("L")).toHaveLength(2);
    expect(reader.texts("H")[0]).toMatch(/^[\d.]+( \d+){10} [\d.]+ \d+ \d+$/);
    expect(reader.texts("D")[0]).toMatch(/^\d+ \d+ \d+$/);
    expect(reader.texts("N")).toEqual([]);
  });

  it("measures the disk of the work directory, and that of the home directory before there is one", async () => {
    useFake("good");
    for (const [workDirectory, measured] of [
      ["/dev/shm", "/dev/shm"],
      ["~/nowhere", home],
    ] as const) {
      const reader = startReader(command, { workDirectory });
      await waitUntil(() => reader.texts("D").length > 0, "a reading of the disk");
      const { bsize, blocks } = statfsSync(measured);
      const [blockBytes, total] = reader.texts("D")[0]?.split(" ").map(Number) ?? [];
      expect((blockBytes ?? 0) * (total ?? 0)).toBe(bsize * blocks);
      reader.close();
    }
  });

  it("leaves no process and no file behind when its channel closes", async () => {
    useFake("good");
    const reader = startReader(command);
    await waitUntil(() => reader.texts("G").length >= 2, "readings");
    expect(marked().length).toBeGreaterThan(2);
    reader.close();
    await waitUntil(() => marked().length === 0, "all processes to end");
    expect(readdirSync(join(home, ".trainyard/telemetry", NODE))).toEqual([]);
  });

  it.each<FakeMode>(["hangs", "hangs at once", "stops itself", "apps hang", "garbage"])(
    "leaves no process behind when its channel closes while nvidia-smi: %s",
    async (mode) => {
      useFake(mode);
      const reader = startReader(command);
      await waitUntil(() => fake.started().length > 0 && reader.texts("H").length > 15, "a start");
      reader.close();
      await waitUntil(() => marked().length === 0, "all processes to end");
    },
  );

  it.each<FakeMode>(["hangs", "stops itself"])(
    "replaces an nvidia-smi that %s, and there are never two",
    async (mode) => {
      useFake(mode);
      const reader = startReader(command);
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, longQueries());
      }, 5);
      await waitUntil(() => reader.texts("S").some((text) => text.startsWith("hung")), "the hang to be seen");
      expect(reader.texts("S").findIndex((text) => text.startsWith("stale"))).toBe(0);
      fake.setMode("good");
      const rows = reader.texts("G").length;
      await waitUntil(() => reader.texts("G").length > rows + 4, "readings again");
      clearInterval(watch);
      expect(fake.started().length).toBe(2);
      expect(most).toBe(1);
      expect(longQueries()).toBe(1);
    },
  );

  it("waits longer after each nvidia-smi that ends, and tells what it said", async () => {
    useFake("mismatch");
    const reader = startReader(command);
    await waitUntil(() => reader.texts("S").filter((text) => text === "ended 18").length >= 3, "three tries");
    const at = (start: number) => {
      const index = reader.frames.findIndex(
        ({ kind }, n) =>
          kind === "Q" && reader.frames.slice(0, n).filter((frame) => frame.kind === "Q").length === start,
      );
      return reader.frames.slice(0, index).filter(({ kind }) => kind === "H").length;
    };
    expect(at(2) - at(1)).toBeGreaterThan(at(1) - at(0));
    expect(reader.texts("N")[0]).toBe("Failed to initialize NVML: Driver/library version mismatch");
    expect(reader.texts("G")).toEqual([]);
  });

  it("keeps reading the host while nvidia-smi prints garbage", async () => {
    useFake("garbage");
    const reader = startReader(command);
    await waitUntil(
      () => reader.texts("S").some((text) => text.startsWith("hung")),
      "the garbage to be given up",
    );
    expect(reader.texts("G")).toEqual([]);
    expect(reader.texts("H").length).toBeGreaterThan(20);
    expect(reader.texts("N").length).toBeLessThanOrEqual(40);
  });

  it("asks an old driver again, without the field or by its other name", async () => {
    useFake("old driver");
    const reader = startReader(command);
    await waitUntil(() => reader.texts("G").length >= 2, "readings");
    expect(reader.texts("Q")).toHaveLength(3);
    const asked = reader.texts("Q").at(-1)?.split(",") ?? [];
    expect(asked).not.toContain("memory.reserved");
    expect(asked).not.toContain("clocks_throttle_reasons.active");
    expect(asked).toContain("clocks_event_reasons.active");
    expect(reader.texts("G")[0]?.split(", ").length).toBe(asked.length + 1);
  });

  it.skipIf(hasRealNvidiaSmi)("reads the host of a node without nvidia-smi", async () => {
    useFake("good");
    const reader = startReader(command, { withoutGpu: true });
    await waitUntil(() => reader.texts("H").length >= 3, "host lines");
    expect(reader.texts("S")).toEqual(["missing"]);
    expect(reader.texts("Q")).toEqual([]);
    reader.close();
    await waitUntil(() => marked().length === 0, "all processes to end");
  });

  it("tells an attempt's process from a foreign one", async () => {
    useFake("good");
    const attempt = randomUUID();
    const ours = spawn("sleep", ["100"], {
      env: { NODE_ENV: "test", TRAINYARD_ATTEMPT: attempt, OTHER: "a\nTRAINYARD_ATTEMPT=x" },
    });
    const foreign = spawn("sleep", ["100"], { env: { NODE_ENV: "test" } });
    helpers.push(ours, foreign);
    fake.setProcesses([ours.pid ?? 0, foreign.pid ?? 0, 4194303]);
    const reader = startReader(command);
    await waitUntil(() => reader.texts("E").includes("apps 0"), "the process list");
    const user = userInfo().username;
    expect(reader.texts("P").slice(0, 3)).toEqual([
      `${ours.pid} ${attempt} ${user}`,
      `${foreign.pid} - ${user}`,
      "4194303 - -",
    ]);
    expect(reader.texts("A")[0]).toBe(
      `GPU-00000000-0000-4000-8000-0000000000a0, ${ours.pid}, 512, python3, main.py`,
    );
  });

  it("gives up a process list that hangs, while readings go on", async () => {
    useFake("apps hang");
    const reader = startReader(command, { tickSeconds: 0.03 });
    await waitUntil(
      () => reader.texts("E").some((text) => /^apps (?!0$)/.test(text)),
      "the list to be given up",
    );
    const rows = reader.texts("G").length;
    await waitUntil(() => reader.texts("G").length > rows + 4, "more readings");
    expect(fake.started().length).toBe(1);
  });

  it("asks for everything on a node with MIG, and passes on what is about instances", async () => {
    useFake("mig");
    const helper = spawn("sleep", ["100"], { env: { NODE_ENV: "test" } });
    helpers.push(helper);
    fake.setProcesses([helper.pid ?? 0]);
    const reader = startReader(command);
    await waitUntil(() => reader.texts("E").includes("mig 0"), "the MIG query");
    const text = reader.texts("M").join("\n");
    for (const part of ["MIG Device", "GPU UUID", "4242 MiB", `Process ID`, "python3 main.py"])
      expect(text).toContain(part);
    expect(reader.texts("P")[0]).toBe(`${helper.pid} - ${userInfo().username}`);
  });
});

describe.each(shells)("a second reader under $name", ({ command }) => {
  it("replaces the first, also one that hangs in writing", async () => {
    useFake("good");
    const first = startReader(command);
    await waitUntil(() => first.texts("G").length >= 2, "readings");
    first.child.stdout?.pause();
    process.kill(readerPid(), "SIGSTOP");
    const second = startReader(command, { epoch: 2n });
    await waitUntil(() => second.texts("G").length >= 4, "readings of the second");
    await waitUntil(first.hasEnded, "the first to be gone");
    expect(longQueries()).toBe(1);
  });

  it("ends an nvidia-smi that outlived its reader before it starts its own", async () => {
    useFake("hangs at once");
    const first = startReader(command);
    await waitUntil(() => longQueries() === 1, "an nvidia-smi");
    process.kill(readerPid(), "SIGKILL");
    await waitUntil(() => first.hasEnded() && marked("sleep 0.04").length === 0, "the first to be gone");
    expect(longQueries()).toBe(1);
    fake.setMode("good");
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, longQueries());
    }, 5);
    const second = startReader(command);
    await waitUntil(() => second.texts("G").length >= 4, "readings");
    clearInterval(watch);
    expect(most).toBe(1);
  });

  it("of an older lease steps back", async () => {
    useFake("good");
    const first = startReader(command, { epoch: 5n });
    await waitUntil(() => first.texts("G").length >= 2, "readings");
    const late = startReader(command, { epoch: 4n });
    await waitUntil(late.hasEnded, "the late one to end");
    expect(late.texts("S")).toEqual(["superseded"]);
    const rows = first.texts("G").length;
    await waitUntil(() => first.texts("G").length > rows + 2, "the first to go on");
    expect(fake.started().length).toBe(1);
  });
});
