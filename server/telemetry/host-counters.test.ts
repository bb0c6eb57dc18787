import { expect, it } from "vitest";
import { hostSample, parseDiskLine, parseHostLine } from "./host-counters";

const before = parseHostLine("100.00 1000 0 500 8000 500 0 0 0 16384000 8192000 1.25 1000000 2000000");
const after = parseHostLine("102.00 1100 0 600 8150 550 0 0 0 16384000 4096000 1.50 3000000 2500000");

it("measures between two readings", () => {
  if (!before || !after) throw new Error("lines were not read");
  expect(hostSample(after, before, parseDiskLine("4096 262144 131072"))).toEqual({
    cpuPercent: 50,
    memoryUsedMiB: 12000,
    memoryTotalMiB: 16000,
    loadAverage: 1.5,
    diskFreeGiB: 0.5,
    diskTotalGiB: 1,
    networkReceivedBytesPerSecond: 1_000_000,
    networkSentBytesPerSecond: 250_000,
  });
});

it("knows no rates from the first reading", () => {
  if (!before) throw new Error("line was not read");
  expect(hostSample(before, null, null)).toMatchObject({
    cpuPercent: null,
    memoryUsedMiB: 8000,
    networkReceivedBytesPerSecond: null,
    diskFreeGiB: null,
  });
});

it("knows no rate when a counter went backwards", () => {
  if (!before || !after) throw new Error("lines were not read");
  const sample = hostSample({ ...after, networkSentBytes: 5, cpuTotalTicks: 1 }, before, null);
  expect(sample).toMatchObject({
    networkSentBytesPerSecond: null,
    cpuPercent: null,
    networkReceivedBytesPerSecond: 1_000_000,
  });
});

it("loses only what could not be read", () => {
  const line = parseHostLine("102.00 - - - - - - - - 16384000 - - - -");
  if (!line) throw new Error("line was not read");
  expect(hostSample(line, before, null)).toMatchObject({
    cpuPercent: null,
    memoryUsedMiB: null,
    memoryTotalMiB: 16000,
    loadAverage: null,
  });
});

it.each(["", "nonsense", "1 2 3", "- 1 1 1 1 1 1 1 1 1 1 1 1 1"])("takes %j for no host line", (line) => {
  expect(parseHostLine(line)).toBe(null);
});

it.each(["", "4096", "4096 x 1"])("takes %j for no disk line", (line) => {
  expect(parseDiskLine(line)).toBe(null);
});
