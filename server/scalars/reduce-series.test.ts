import { describe, expect, it } from "vitest";
import { reduceSeries } from "./reduce-series";

function waveOf(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.sin(i / 500) + ((i * 7919) % 13) / 100);
}
const sortedUnique = (indices: Uint32Array) => [...new Set(indices)].sort((a, b) => a - b);

describe("reduceSeries", () => {
  it("keeps every spike, up and down, wherever it is", () => {
    const count = 200_003;
    const spikes = [0, 1, 777, 1000, 50_000, 50_150, 123_456, count - 2, count - 1];
    const values = waveOf(count);
    for (const [n, at] of spikes.entries()) values[at] = n % 2 ? 1000 + n : -1000 - n;
    const { kept } = reduceSeries(values, 2000);
    for (const at of spikes) expect(kept.includes(at)).toBe(true);
    expect(kept.length).toBeLessThanOrEqual(2002);
  });

  it("gives growing indices, each once, with the first and last point", () => {
    const { kept } = reduceSeries(waveOf(10_000), 300);
    expect([...kept]).toEqual(sortedUnique(kept));
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(9999);
  });

  it("has the extremes of every bucket, as found by sorting", () => {
    const values = waveOf(5000);
    const { kept } = reduceSeries(values, 100);
    for (let bucket = 0; bucket < 50; bucket += 1) {
      const sorted = [...values.subarray(bucket * 100, bucket * 100 + 100)].sort((a, b) => a - b);
      const inBucket = [...kept].filter((i) => Math.floor(i / 100) === bucket).map((i) => values[i]);
      expect(inBucket).toContain(sorted[0]);
      expect(inBucket).toContain(sorted.at(-1));
    }
  });

  it("puts NaN and infinities beside the line and never lets them hide a spike", () => {
    const values = waveOf(10_000);
    values[100] = Number.NaN;
    values[5000] = Number.POSITIVE_INFINITY;
    values[5001] = Number.NEGATIVE_INFINITY;
    values[5002] = 99;
    const { kept, beside } = reduceSeries(values, 200);
    expect([...beside]).toEqual([100, 5000, 5001]);
    expect(kept.includes(5002)).toBe(true);
    for (const i of kept) expect(Number.isFinite(values[i])).toBe(true);
  });

  it("returns a short series whole, and nothing of nothing", () => {
    expect([...reduceSeries(Float64Array.of(1, Number.NaN, 3), 10).kept]).toEqual([0, 2]);
    expect(reduceSeries(new Float64Array(0), 10).kept).toHaveLength(0);
    expect(reduceSeries(new Float64Array(5000).fill(Number.NaN), 10)).toMatchObject({
      kept: new Uint32Array(0),
    });
  });

  it("keeps one point of a bucket whose points are all the same", () => {
    expect(reduceSeries(new Float64Array(1000).fill(4), 10).kept.length).toBeLessThanOrEqual(7);
  });
});
