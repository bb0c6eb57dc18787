import { describe, expect, it } from "vitest";
import { TELEMETRY_FIELDS, type TelemetryTick } from "../contracts/telemetry";
import { fakeTicks, gpuUuid, seededRandom } from "../testing/telemetry-ticks";
import { decodeColumns, decodeTicks, encodeTicks } from "./tick-codec";

const NODE = "7f6f0d4e-0000-4000-8000-000000000001";
const roundTrip = (ticks: TelemetryTick[], deflate: boolean) =>
  decodeTicks(NODE, encodeTicks(ticks, { deflate, extras: true }));
const minute = (options: { nullShare?: number; gpus?: number } = {}) =>
  fakeTicks({ nodeId: NODE, from: 1_764_000_000_000, count: 60, gpus: 8, ...options });

describe.each([false, true])("ticks as bytes (deflated: %s)", (deflate) => {
  it("come back as they were", () => {
    expect(roundTrip(minute(), deflate)).toEqual(minute());
  });

  it("come back with every null in its place", () => {
    expect(roundTrip(minute({ nullShare: 0.3 }), deflate)).toEqual(minute({ nullShare: 0.3 }));
  });

  it("come back one by one", () => {
    for (const tick of minute()) expect(roundTrip([tick], deflate)).toEqual([tick]);
  });

  it("come back without GPUs and without a host", () => {
    const [tick] = minute({ gpus: 0 });
    if (!tick) throw new Error("no tick");
    expect(roundTrip([tick, { ...tick, at: tick.at + 1000, host: null }], deflate)).toEqual([
      tick,
      { ...tick, at: tick.at + 1000, host: null },
    ]);
  });

  it("come back when GPUs come and go", () => {
    const ticks = minute().map((tick, t) =>
      t % 7 === 3 ? { ...tick, gpuUuids: [], values: TELEMETRY_FIELDS.map(() => []) } : tick,
    );
    expect(roundTrip(ticks, deflate)).toEqual(ticks);
  });

  it("come back with values that fit no scale", () => {
    const random = seededRandom(7);
    const odd = () =>
      [0.1 + 0.2, -1.5, 2 ** 60, Number.MIN_VALUE, 1e300, random(), random() * 1e9, null][
        Math.floor(random() * 8)
      ] ?? null;
    const ticks = minute().map((tick) => ({ ...tick, values: tick.values.map((column) => column.map(odd)) }));
    expect(roundTrip(ticks, deflate)).toEqual(ticks);
  });

  it("come back with processes, problems and UUIDs of any shape", () => {
    const [first, second] = minute({ gpus: 3 });
    if (!first || !second) throw new Error("no ticks");
    const gpuUuids = ["GPU-index-3", "MIG-GPU-a/7/0", gpuUuid(1)];
    const processes = [
      {
        pid: 7,
        name: "python3 — naïve, 日本",
        user: null,
        memoryMiB: null,
        gpuUuid: gpuUuid(1),
        attemptId: "0b1c2d3e-0000-4000-8000-000000000009",
      },
    ];
    const ticks = [
      { ...first, gpuUuids, processes },
      { ...second, gpuUuids, problem: "Unable to determine the device handle" },
    ];
    expect(roundTrip(ticks, deflate)).toEqual(ticks);
  });

  it("come back when our clock went backwards", () => {
    const ticks = minute().reverse();
    expect(roundTrip(ticks, deflate)).toEqual(ticks);
  });
});

it("takes at most two bytes a value for a minute of eight busy GPUs", () => {
  const payload = encodeTicks(minute(), { deflate: true, extras: false });
  expect(payload.length / (60 * (8 * TELEMETRY_FIELDS.length + 8))).toBeLessThan(2);
});

it("leaves process lists out of a chunk", () => {
  const [tick] = minute();
  if (!tick) throw new Error("no tick");
  const payload = encodeTicks([{ ...tick, processes: [] }], { deflate: true, extras: false });
  expect(decodeTicks(NODE, payload)).toEqual([tick]);
});

it.each([[[]], [[9, 1, 2]], [[1, 3, 200]], [[1, 255, 255]]])("refuses the bytes %j", (bytes) => {
  expect(() => decodeColumns(Uint8Array.from(bytes))).toThrow();
});
