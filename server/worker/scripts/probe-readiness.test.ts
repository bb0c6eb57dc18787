import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import probe from "./probe-readiness.py";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const NEVER_ENDS = "import time\nwhile True: time.sleep(1)\n";
const DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n";

describe.skipIf(!hasPython)("probe-readiness.py", () => {
  let directory: string;
  let modules: string;
  let cache: string;
  const running = new Set<ChildProcess>();
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "trainyard-probe-"));
    modules = join(directory, "modules");
    cache = join(directory, "hub");
    mkdirSync(modules);
  });
  afterEach(() => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(directory, { recursive: true });
  });

  const write = (path: string, text: string) => {
    const file = join(directory, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  };
  /** The lines by name, as what their JSON holds. */
  async function run(env: Record<string, string> = {}, seconds = 20): Promise<Record<string, unknown>> {
    const child: ChildProcessByStdio<null, Readable, null> = spawn(
      "python3",
      ["-c", probe, String(seconds), cache],
      {
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          NODE_ENV: "test",
          PATH: process.env.PATH,
          HOME: directory,
          PYTHONPATH: modules,
          HF_ENDPOINT: "http://127.0.0.1:9",
          ...env,
        },
      },
    );
    running.add(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await new Promise((resolve) => child.once("close", resolve));
    running.delete(child);
    const lines = output.split("\n").filter(Boolean);
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), JSON.parse(line.slice(line.indexOf("=") + 1))]),
    );
  }

  it("keeps what packages print, hang and die of apart from each other", async () => {
    write("modules/torch/__init__.py", NEVER_ENDS);
    write("modules/transformers/__init__.py", DIES);
    write(
      "modules/datasets.py",
      "import os\nos.write(1, b'noise\\n')\nprint('noise')\n__version__ = '3.2.0'\n",
    );
    write("modules/deepspeed.py", "raise ImportError('first line\\nlibcudart.so.12: cannot open')\n");
    const facts = await run({}, 3);
    expect(facts).toMatchObject({
      torch: { isTimedOut: true },
      transformers: { error: "the process was ended by signal 11" },
      datasets: { version: "3.2.0" },
      deepspeed: { error: "ImportError: libcudart.so.12: cannot open" },
    });
    expect(Object.keys(facts).toSorted()).toEqual([
      "datasets",
      "deepspeed",
      "hub",
      "models",
      "python",
      "torch",
      "transformers",
    ]);
  });

  it("sees what this torch holds code for, and what CUDA says", async () => {
    const torch = [
      "__version__ = '2.5.1'",
      "class version: cuda, hip = '12.4', None",
      "class cuda:",
      "    is_available = staticmethod(lambda: True)",
      "    device_count = staticmethod(lambda: 3)",
      "    get_arch_list = staticmethod(lambda: ['sm_80', 'sm_90a', 'compute_90'])",
      "    get_device_capability = staticmethod(lambda index: [(8, 6), (7, 0), (10, 0)][index])",
      "    get_device_name = staticmethod(lambda index: ['A40', 'V100', 'B200'][index])",
    ];
    write("modules/torch/__init__.py", `${torch.join("\n")}\n`);
    expect((await run({ CUDA_VISIBLE_DEVICES: "0,1,2" })).torch).toEqual({
      version: "2.5.1",
      cuda: "12.4",
      hip: null,
      deviceCount: 3,
      visibleDevices: "0,1,2",
      unsupported: ["V100 (sm_70)"],
    });
    const away = torch.map((line) => line.replace("True)", "False)"));
    const init = "    def init(): raise RuntimeError('The NVIDIA driver on your system is too old')";
    write("modules/torch/__init__.py", `${[...away, init].join("\n")}\n`);
    expect((await run()).torch).toMatchObject({
      deviceCount: 0,
      cudaError: "RuntimeError: The NVIDIA driver on your system is too old",
    });
  });

  it("lists the ops that training uses: with the package, built before, buildable, and why not", async () => {
    write("modules/torch/__init__.py", "class version: cuda = None\n");
    write("modules/deepspeed/__init__.py", "__version__ = '0.16.2'\n");
    write("modules/deepspeed/git_version_info.py", "installed_ops = {'transformer_inference': True}\n");
    write("modules/deepspeed/ops/op_builder/__init__.py", "");
    write("modules/deepspeed/ops/__init__.py", "");
    write(
      "modules/deepspeed/ops/op_builder/all_ops.py",
      [
        "class Builder:",
        "    error_log = 'nvcc was not found'",
        "    def is_compatible(self, verbose): return False",
        "ALL_OPS = {n: Builder() for n in ('fused_adam', 'cpu_adam', 'transformer_inference', 'evoformer_attn')}\n",
      ].join("\n"),
    );
    write("extensions/cpu_adam/cpu_adam.so", "");
    expect((await run({ TORCH_EXTENSIONS_DIR: join(directory, "extensions") })).deepspeed).toEqual({
      version: "0.16.2",
      ops: [
        { name: "fused_adam", state: "incompatible", why: "nvcc was not found" },
        { name: "cpu_adam", state: "built", why: null },
        { name: "transformer_inference", state: "installed", why: null },
      ],
    });
  });

  it("counts models that are whole, and knows offline mode and a token", async () => {
    for (const [model, files] of [
      ["models--facebook--opt-125m", ["config.json", "model.safetensors"]],
      ["models--gpt2", ["config.json", "pytorch_model-00001-of-00002.bin"]],
      ["models--half--there", ["config.json"]],
      ["datasets--Dahoas--rm-static", ["config.json", "a.bin"]],
    ] as const)
      for (const file of files) write(`hub/${model}/snapshots/abc/${file}`, "");
    write("home/token", "hf_secret");
    const facts = await run({ HF_HUB_OFFLINE: "true", HF_HOME: join(directory, "home") });
    expect(facts.models).toEqual({
      models: ["facebook/opt-125m", "gpt2"],
      modelCount: 2,
      isOffline: true,
      hasToken: true,
    });
    expect(JSON.stringify(facts)).not.toContain("hf_secret");
    expect((await run()).models).toMatchObject({ isOffline: false, hasToken: false });
  });

  describe("with a hub of its own", () => {
    let status = 200;
    const hub = createServer((_request, response) => {
      response.statusCode = status;
      response.end("[]");
    });
    beforeAll(() => new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve)));
    afterAll(() => {
      hub.close();
    });
    const address = () => `127.0.0.1:${(hub.address() as AddressInfo).port}`;

    it.each([
      [200, true],
      [401, true],
      [429, true],
      [502, false],
    ])("answers of status %i: reachable %s", async (code, isReachable) => {
      status = code;
      const { hub: facts } = await run({ HF_ENDPOINT: `http://ada:secret@${address()}` });
      expect(facts).toMatchObject({ isReachable, endpoint: `http://${address()}` });
    });
  });

  it("cannot reach a hub that is not there", async () => {
    expect((await run()).hub).toMatchObject({
      isReachable: false,
      failure: expect.stringContaining("Connection refused"),
    });
  });
});
