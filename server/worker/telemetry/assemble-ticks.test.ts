import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TELEMETRY_FIELDS, type TelemetryField, TelemetryTick } from "@/server/contracts/telemetry";
import { FIRST_QUERY } from "@/server/telemetry";
import { TickAssembler } from "./assemble-ticks";
import type { FrameKind } from "./read-frames";

const NODE = "0b1c2d3e-0000-4000-8000-000000000001";
const ATTEMPT = "0b1c2d3e-0000-4000-8000-000000000002";
const A = "GPU-00000000-0000-4000-8000-0000000000a0";
const B = "GPU-00000000-0000-4000-8000-0000000000a1";
const MIG = "MIG-00000000-0000-4000-8000-0000000000b0";

let ticks: TelemetryTick[];
let notices: string[];
let clock: number;
let assembler: TickAssembler;

beforeEach(() => {
  ticks = [];
  notices = [];
  clock = 1_764_000_000_000;
  assembler = new TickAssembler({
    nodeId: NODE,
    intervalMs: 1000,
    now: () => clock,
    onTick: (tick) => ticks.push(tick),
    onNotice: (notice) => notices.push(notice),
  });
});
afterEach(() => assembler.close());

const say = (kind: FrameKind, text: string) => assembler.push({ kind, text });
function row(index: number, uuid: string, changes: Record<string, string> = {}): string {
  const cells: Record<string, string> = { index: `${index}`, uuid, count: "2", name: "GPU", ...changes };
  return FIRST_QUERY.map((property) => cells[property] ?? "7").join(", ");
}
const sayHost = (uptime: number) => say("H", `${uptime} 1 1 1 1 1 1 1 1 2048 1024 0.5 10 10`);
function reading(): void {
  say("G", row(0, A));
  say("G", row(1, B));
}
const value = (tick: TelemetryTick | undefined, field: TelemetryField, uuid: string) =>
  tick?.values[TELEMETRY_FIELDS.indexOf(field)]?.[tick.gpuUuids.indexOf(uuid)];

describe("a reading", () => {
  it("becomes a tick with its last row", () => {
    say("Q", FIRST_QUERY.join(","));
    say("G", row(0, A));
    expect(ticks).toEqual([]);
    say("G", row(1, B));
    expect(ticks).toHaveLength(1);
    expect(ticks[0]).toMatchObject({
      nodeId: NODE,
      at: clock,
      gpuUuids: [A, B],
      host: null,
      processes: null,
    });
    expect(TelemetryTick.parse(ticks[0])).toEqual(ticks[0]);
  });

  it("carries the newest host sample, and host lines make no ticks of their own", () => {
    say("Q", FIRST_QUERY.join(","));
    sayHost(1);
    reading();
    sayHost(2);
    expect(ticks).toHaveLength(1);
    expect(ticks[0]?.host).toMatchObject({ memoryUsedMiB: 1, memoryTotalMiB: 2, loadAverage: 0.5 });
  });

  it("is complete when the first GPU comes again, though one is lost", () => {
    say("G", row(0, A));
    say("N", "Unable to determine the device handle for GPU0000:84:00.0: Unknown Error");
    clock += 1000;
    say("G", row(0, A));
    expect(ticks).toHaveLength(1);
    expect(ticks[0]).toMatchObject({
      at: clock - 1000,
      gpuUuids: [A],
      problem: "Unable to determine the device handle for GPU0000:84:00.0: Unknown Error",
    });
  });

  it("is complete some time after its last row", async () => {
    say("G", row(0, A));
    await expect.poll(() => ticks.length).toBe(1);
    expect(ticks[0]?.gpuUuids).toEqual([A]);
  });

  it("keeps a GPU whose UUID cannot be read this time", () => {
    reading();
    clock += 1000;
    say("G", row(0, A));
    say("G", row(1, "[Unknown Error]"));
    expect(ticks[1]?.gpuUuids).toEqual([A, B]);
  });

  it("has times that only grow", () => {
    reading();
    reading();
    clock -= 5;
    reading();
    const times = ticks.map(({ at }) => at);
    expect(times).toEqual([...new Set(times)].sort());
  });

  it("loses its problem when it is whole again", () => {
    say("N", "Unable to determine the device handle");
    reading();
    expect(ticks[0]?.problem).toBeUndefined();
    expect(notices).toEqual(["Unable to determine the device handle"]);
  });

  it("is of the columns that the reader asked for", () => {
    const query = FIRST_QUERY.filter((property) => property !== "memory.reserved");
    say("Q", query.join(","));
    for (const [index, uuid] of [A, B].entries()) {
      const cells: Record<string, string> = { index: `${index}`, uuid, count: "2", name: "GPU" };
      say("G", query.map((property) => cells[property] ?? "7").join(", "));
    }
    expect(value(ticks[0], "memoryReservedMiB", A)).toBe(null);
    expect(value(ticks[0], "memoryFreeMiB", B)).toBe(7);
  });

  it("is not disturbed by rows that are none", () => {
    say("G", "1, garbage");
    say("G", row(0, A));
    say("G", "9,,,,");
    say("G", row(1, B));
    expect(ticks.at(-1)?.gpuUuids).toContain(B);
    expect(value(ticks.at(-1), "memoryUsedMiB", B)).toBe(7);
  });
});

describe("without readings", () => {
  it("every host line is a tick, on a node without nvidia-smi", () => {
    say("S", "missing");
    sayHost(1);
    clock += 1000;
    sayHost(2);
    expect(ticks.map(({ gpuUuids, values }) => [gpuUuids, values.flat()])).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  it("a GPU that was there keeps its place with nulls after three intervals", () => {
    reading();
    clock += 3000;
    sayHost(4);
    expect(ticks).toHaveLength(1);
    clock += 1000;
    say("S", "hung 77");
    sayHost(5);
    expect(ticks).toHaveLength(2);
    expect(ticks[1]?.gpuUuids).toEqual([A, B]);
    expect(ticks[1]?.values.flat().every((cell) => cell === null)).toBe(true);
    expect(ticks[1]?.problem).toMatch(/does not answer/);
    reading();
    expect(value(ticks[2], "memoryUsedMiB", A)).toBe(7);
  });
});

describe("processes", () => {
  it("come with the next tick, once, with their attempt and user", () => {
    say("P", `11 ${ATTEMPT} ada`);
    say("A", `${A}, 11, 512, python3, main.py`);
    say("P", "12 - bob");
    say("A", `${B}, 12, [N/A], x`);
    say("P", "13 nonsense -");
    say("A", `${B}, 13, 5, y`);
    reading();
    say("E", "apps 0");
    reading();
    reading();
    expect(ticks.map(({ processes }) => processes)).toEqual([
      null,
      [
        { pid: 11, name: "python3, main.py", user: "ada", memoryMiB: 512, gpuUuid: A, attemptId: ATTEMPT },
        { pid: 12, name: "x", user: "bob", memoryMiB: null, gpuUuid: B, attemptId: null },
        { pid: 13, name: "y", user: null, memoryMiB: 5, gpuUuid: B, attemptId: null },
      ],
      null,
    ]);
  });

  it("are none, not unknown, when the list was empty", () => {
    say("E", "apps 0");
    reading();
    expect(ticks[0]?.processes).toEqual([]);
  });

  it("are unknown when the list failed", () => {
    say("A", `${A}, 11, 512, x`);
    say("E", "apps 137");
    reading();
    expect(ticks[0]?.processes).toBe(null);
  });
});

describe("a GPU with MIG instances", () => {
  const QUERY = [
    "GPU 00000000:83:00.0",
    "    MIG Device",
    "        Index                             : 0",
    "        GPU Instance ID                   : 9",
    "        Compute Instance ID               : 0",
    "        Shared FB Memory Usage",
    "            Total                         : 9728 MiB",
    "            Reserved                      : N/A",
    "            Used                          : 4242 MiB",
    "            Free                          : 5486 MiB",
    `    GPU UUID                              : ${A}`,
    "    Processes",
    "        GPU instance ID                   : 9",
    "        Compute instance ID               : 0",
    "        Process ID                        : 11",
    "            Type                          : C",
    "            Name                          : python3",
    "            Used GPU Memory               : 4096 MiB",
  ];
  beforeEach(() => {
    say("L", `GPU 0: H200 (UUID: ${A})`);
    say("L", `  MIG 1g.10gb     Device  0: (UUID: ${MIG})`);
    say("L", `GPU 1: H200 (UUID: ${B})`);
    say("E", "list 0");
    say("P", `11 ${ATTEMPT} ada`);
    for (const line of QUERY) say("M", line);
    say("E", "mig 0");
    say("G", row(0, A, { "utilization.gpu": "[N/A]" }));
    say("G", row(1, B));
  });

  it("has them after it, with their own memory and nothing that is not measured for them", () => {
    expect(ticks[0]?.gpuUuids).toEqual([A, MIG, B]);
    expect(value(ticks[0], "memoryUsedMiB", MIG)).toBe(4242);
    expect(value(ticks[0], "memoryTotalMiB", MIG)).toBe(9728);
    expect(value(ticks[0], "memoryReservedMiB", MIG)).toBe(null);
    expect(value(ticks[0], "utilizationGpuPercent", MIG)).toBe(null);
    expect(value(ticks[0], "powerDrawW", MIG)).toBe(null);
    expect(value(ticks[0], "utilizationGpuPercent", A)).toBe(null);
  });

  it("has its processes on the instance that they run on", () => {
    expect(ticks[0]?.processes).toEqual([
      { pid: 11, name: "python3", user: "ada", memoryMiB: 4096, gpuUuid: MIG, attemptId: ATTEMPT },
    ]);
  });

  it("does not keep an old reading of an instance", () => {
    clock += 31_000;
    reading();
    expect(ticks[1]?.gpuUuids).toEqual([A, MIG, B]);
    expect(value(ticks[1], "memoryUsedMiB", MIG)).toBe(null);
  });
});
