import { describe, expect, it } from "vitest";
import { judgeCases, lineOf, missingModule } from "../../testing/readiness-cases";
import { readinessFacts } from "../../testing/readiness-facts";
import type { ReadinessFacts } from "./readiness-facts";

const noGpu = { count: 0, hasMig: false, driverVersion: null, driverCuda: null };

judgeCases("python", {
  python: [
    ["in a virtual environment", {}, "ok", "3.11.7 at /home/ada/venv/bin/python3, a virtual environment"],
    [
      "enough for torch, but not for the lock set",
      { python: { version: "3.10.12" }, torch: missingModule("torch") },
      "warning",
      "3.10.12 at /home/ada/venv/bin/python3; preparing the node needs 3.11",
    ],
    ["enough for the torch that it has", { python: { version: "3.10.12" } }, "ok", "3.10.12"],
    ["old", { python: { version: "3.9.2" } }, "warning", "need 3.10"],
    ["too old", { python: { version: "3.6.9" } }, "error", "DeepSpeed needs 3.8"],
    ["none", { python: { path: null, version: null } }, "error", "No Python"],
    [
      "the named environment is gone",
      { python: { missingEnvironment: "/home/ada/gone" } },
      "error",
      "/home/ada/gone",
    ],
    [
      "bare and without venv",
      { python: { hasVirtualEnvironment: false, hasVenvModule: false }, torch: missingModule("torch") },
      "warning",
      "cannot make virtual environments",
    ],
    ["no answer", { python: { version: null } }, "unknown", "unknown version"],
  ],
  torch: [
    ["sees all", {}, "ok", "torch 2.5.1+cu124 sees 2 of 2 GPUs"],
    ["sees one", { torch: { deviceCount: 1 } }, "error", "sees 1 of 2 GPUs"],
    [
      "sees none and says why",
      { torch: { deviceCount: 0, cudaError: "RuntimeError: driver too old" } },
      "error",
      "driver too old",
    ],
    [
      "hidden by a variable",
      { torch: { deviceCount: 1, visibleDevices: "0" } },
      "warning",
      "CUDA_VISIBLE_DEVICES=0",
    ],
    ["built for CPUs", { torch: { cuda: null, deviceCount: 0 } }, "error", "CPUs only; the node has 2 GPUs"],
    [
      "no code for the GPU",
      { torch: { unsupported: ["NVIDIA B200 (sm_100)"] } },
      "error",
      "no code for NVIDIA B200 (sm_100)",
    ],
    [
      "one of several MIG instances",
      { gpus: { count: 4, hasMig: true }, torch: { deviceCount: 1 } },
      "ok",
      "sees 1 of 4",
    ],
    ["ROCm", { torch: { hip: "6.2", cuda: null } }, "ok", "ROCm 6.2"],
    ["no GPU in the node", { gpus: noGpu, torch: { cuda: null, deviceCount: 0 } }, "warning", "no GPU"],
    [
      "missing",
      { torch: missingModule("torch") },
      "error",
      "torch is not installed in /home/ada/venv/bin/python3",
    ],
    [
      "broken",
      { torch: { version: null, error: "ImportError: libcudart.so.12" } },
      "error",
      "libcudart.so.12",
    ],
    ["missing something of its own", { torch: missingModule("numpy") }, "error", "No module named 'numpy'"],
    ["hangs", { torch: { version: null, isTimedOut: true } }, "error", "did not end in time"],
    ["no answer", { torch: { version: null } }, "unknown", "no answer"],
    ["no Python", { python: { path: null } }, "not_applicable", "no Python"],
  ],
  cuda_driver: [
    ["the same", {}, "ok", "built for CUDA 12.4, driver 550.54.15 knows CUDA 12.4"],
    ["an older torch", { torch: { cuda: "11.8" } }, "ok", "11.8"],
    ["a newer minor", { torch: { cuda: "12.6" } }, "ok", "minor versions of CUDA 12 go together"],
    [
      "a newer minor, driver before the first of the major",
      { torch: { cuda: "12.6", deviceCount: 0 }, gpus: { driverVersion: "520.61", driverCuda: "12.0" } },
      "error",
      "12.6",
    ],
    ["a newer major", { torch: { cuda: "13.0", deviceCount: 0 } }, "error", "CUDA 13.0"],
    ["a newer major that works all the same", { torch: { cuda: "13.0" } }, "ok", "compatibility package"],
    ["driver silent", { gpus: { driverCuda: null } }, "unknown", "?"],
    ["no GPU", { gpus: noGpu }, "not_applicable", "no GPU"],
    ["CPU torch", { torch: { cuda: null } }, "not_applicable", "no torch built for CUDA"],
  ],
  compiler: [
    ["all there", {}, "ok", "g++ 12.2.0, ninja 1.11.1, CUDA toolkit 12.4"],
    ["no compiler", { compiler: { cxx: null } }, "error", "a C++ compiler not found"],
    ["no ninja", { compiler: { ninja: null } }, "error", "ninja not found"],
    ["no nvcc", { compiler: { nvcc: null, nvccVersion: null } }, "error", "nvcc not found"],
    [
      "no nvcc, ops built",
      {
        compiler: { nvcc: null, nvccVersion: null },
        deepspeed: { ops: [{ name: "fused_adam", state: "installed", why: null }] },
      },
      "warning",
      "nvcc not found",
    ],
    ["no headers", { python: { hasHeaders: false } }, "error", "Python.h not found"],
    [
      "toolkit of another major",
      { compiler: { nvccVersion: "11.8" } },
      "error",
      "refuses to build across major versions",
    ],
    ["no compiler, no GPU", { gpus: noGpu, compiler: { cxx: null } }, "warning", "a C++ compiler not found"],
  ],
});

describe("the way to a newer Python", () => {
  const fixOf = (python: Partial<ReadinessFacts["python"]>) =>
    lineOf(
      "python",
      readinessFacts({ python: { version: "3.10.12", ...python }, torch: missingModule("torch") }),
    ).fix;

  it("is one that the node has", () => {
    const interpreters = [
      { path: "/usr/bin/python3.12", version: "3.12.3" },
      { path: "/home/ada/miniconda3/bin/python", version: "3.11.9" },
    ];
    const fix = fixOf({ interpreters });
    expect(fix?.text).toContain("Prepare the node with /usr/bin/python3.12");
    expect(fix?.text).toContain("/home/ada/miniconda3/bin/python (3.11.9)");
    expect(fix?.actions).toEqual(["prepare_node", "edit_node"]);
  });

  it.each([
    ["/home/ada/.local/bin/uv", "/home/ada/.local/bin/uv python install 3.12", "~/.local/bin/python3.12"],
    [
      "/opt/conda/bin/conda",
      "/opt/conda/bin/conda create -y -p ~/trainyard-python python=3.12",
      "~/trainyard-python",
    ],
    [
      null,
      "curl -LsSf https://astral.sh/uv/install.sh | sh && ~/.local/bin/uv python install 3.12",
      "without sudo",
    ],
  ])("is what %s brings into the home", (installer, command, words) => {
    const fix = fixOf({ installer });
    expect(fix?.command).toBe(command);
    expect(fix?.text).toContain(words);
  });
});
