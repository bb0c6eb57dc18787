import { describe, expect, it } from "vitest";
import { classifyEnd, type EndEvidence } from "./classify-end";

const QUIET = {
  cudaOutOfMemory: null,
  exitsWithReturnCode: null,
  lastTraceback: null,
  killedSubprocess: false,
};
function end(
  changes: Partial<EndEvidence> & {
    status?: number | null;
    why?: string;
    log?: Partial<typeof QUIET> | object;
  },
) {
  const { status = 0, why = "exit", log, ...rest } = changes;
  return classifyEnd({
    exit: { status, why },
    oomKills: 0,
    orphanedRanks: 0,
    evidence: { ...QUIET, ...log },
    hasExpectedFiles: true,
    wasCancelled: false,
    ...rest,
  });
}

const tracebackOf = (exception: string) => ({
  lastTraceback: `Traceback (most recent call last):\n  File "main.py", line 1, in <module>\n${exception}`,
});

it("a launcher that ends with 0 while ranks still run is no success, and no success that came before a stop", () => {
  const ended = end({ orphanedRanks: 2 });
  expect(ended).toMatchObject({ status: "failed", reason: expect.stringContaining("ranks still ran") });
  expect(end({ orphanedRanks: 2, wasCancelled: true, why: "cancel" }).status).toBe("cancelled");
});

describe("memory that ran out is told apart", () => {
  it.each([
    ["on a GPU", { status: 1, log: { cudaOutOfMemory: "torch.OutOfMemoryError: …" } }, "gpu_out_of_memory"],
    ["137 with the kernel's count", { status: 137, oomKills: 1 }, "node_out_of_memory"],
    [
      "PyTorch's allocator for the CPU",
      {
        status: 1,
        log: tracebackOf(
          "RuntimeError: [enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4096 bytes.",
        ),
      },
      "node_out_of_memory",
    ],
    ["Python's MemoryError", { status: 1, log: tracebackOf("MemoryError") }, "node_out_of_memory"],
  ])("%s", (_name, changes, cause) => {
    expect(end(changes)).toMatchObject({ status: "failed", cause });
  });

  it.each([
    ["SIGKILL without the kernel's count, which anybody may send", { status: 137 }],
    ["another exception", { status: 1, log: tracebackOf("ValueError: MemoryError is no reason") }],
    ["a stop after the memory ran out", { wasCancelled: true, status: 143, log: { cudaOutOfMemory: "…" } }],
    ["a success", {}],
  ])("but not %s", (_name, changes) => {
    expect(end(changes).cause).toBeUndefined();
  });
});

describe("how an attempt ended", () => {
  it("exit 0 with its checkpoint and a quiet log is success", () => {
    expect(end({})).toEqual({ status: "succeeded", reason: "finished" });
  });

  it.each([
    ["exit 0 without a checkpoint", { hasExpectedFiles: false }, /without saving a checkpoint/],
    ["exit 0 of a launcher that a signal killed", { log: { killedSubprocess: true } }, /doubtful/],
    ["exit 0 with a rank's return code in the log", { log: { exitsWithReturnCode: 1 } }, /exit status 1/],
    ["an OOM kill by the kernel", { status: 137, oomKills: 1 }, /kernel/],
    ["exit 0 with an OOM kill", { oomKills: 1 }, /kernel/],
    [
      "CUDA out of memory",
      { status: 1, log: { cudaOutOfMemory: "CUDA out of memory." } },
      /CUDA out of memory/,
    ],
    ["a rank killed by SIGKILL", { status: 247 }, /SIGKILL/],
    ["a rank killed by SIGSEGV", { status: 245 }, /SIGSEGV/],
    ["a rank aborted by NCCL", { status: 250 }, /SIGABRT/],
    ["a rank ended by SIGTERM", { status: 241 }, /SIGTERM/],
    ["a negative return code in the log", { status: 1, log: { exitsWithReturnCode: -9 } }, /SIGKILL/],
    ["a shell's 143", { status: 143 }, /SIGTERM/],
    ["255, which is no signal", { status: 255 }, /exit status 255/],
    ["a missing program", { status: 127 }, /not found/],
    ["a missing directory", { status: 125 }, /directory/],
    [
      "a Python exception",
      {
        status: 1,
        log: { lastTraceback: 'Traceback (most recent call last):\n  File "main.py"\nValueError: bad data' },
      },
      /^ValueError: bad data$/,
    ],
    ["a plain exit status", { status: 3 }, /exit status 3/],
    ["an exit file that is damaged", { status: null, hasExpectedFiles: false }, /without saving/],
    ["a launch that never happened", { status: null, why: "never-launched" }, /could not be launched/],
  ])("%s is failure", (_, changes, reason) => {
    const result = end(changes);
    expect(result.status).toBe("failed");
    expect(result.reason).toMatch(reason);
  });

  it.each([
    ["a restart of the node", { status: null, why: "interrupted" }],
    ["a supervisor that died with its training", { status: null, why: "lost" }],
    ["no exit file", { exit: null }],
  ])("%s is interruption", (_, changes) => {
    expect(end(changes).status).toBe("interrupted");
  });

  it.each([
    ["a stop", { status: 143, why: "cancel", wasCancelled: true }],
    [
      "a stop that ended with 0 and no checkpoint",
      { why: "cancel", wasCancelled: true, hasExpectedFiles: false },
    ],
    ["a stop of an unsupervised attempt", { status: null, why: "lost", wasCancelled: true }],
    ["a stop before the start", { status: null, why: "never-launched", wasCancelled: true }],
  ])("%s is cancellation", (_, changes) => {
    expect(end(changes).status).toBe("cancelled");
  });

  it("a stop that came after the end is success", () => {
    expect(end({ why: "cancel", wasCancelled: true })).toEqual({
      status: "succeeded",
      reason: "finished; the stop came too late",
    });
  });

  it("a restart counts as that even after a stop was asked for", () => {
    expect(end({ status: null, why: "interrupted", wasCancelled: true }).status).toBe("interrupted");
  });
});
