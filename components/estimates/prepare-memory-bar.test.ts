import { expect, test } from "vitest";
import { MEMORY_PARTS } from "@/server/contracts/estimates";
import { PART_LABEL, prepareMemoryBars } from "./prepare-memory-bar";

const parts = {
  ...{ weights: 4, gradients: 2, optimizer: 6, frozen: 1, ema: 1, cache: 1 },
  ...{ activations: 8, logits: 2, buffers: 0, context: 1 },
};
const memory = { parts, totalGiB: 26 };
const gpu = (index: number, memoryTotalMiB: number | null, name = "NVIDIA A30") => ({
  ...{ uuid: `GPU-${index}`, index, name, memoryTotalMiB },
});

test("equal GPUs share a bar, another size has its own", () => {
  const bars = prepareMemoryBars(memory, [gpu(0, 24_576), gpu(1, 24_576), gpu(2, 49_152, "NVIDIA A40")]);
  expect(bars.map(({ gpus, isFitting }) => [gpus, isFitting])).toEqual([
    ["2 × NVIDIA A30", false],
    ["NVIDIA A40", true],
  ]);
});

test("the segments make up what is needed, on a scale that holds it", () => {
  const [over] = prepareMemoryBars(memory, [gpu(0, 24_576)]);
  const [under] = prepareMemoryBars(memory, [gpu(0, 53_248)]);
  const sum = (shares: readonly { share: number }[]) => shares.reduce((total, { share }) => total + share, 0);
  expect(sum(over?.segments ?? [])).toBeCloseTo(1);
  expect(over?.capacityShare).toBeCloseTo(24 / 26);
  expect(sum(under?.segments ?? [])).toBeCloseTo(0.5);
  expect(under?.capacityShare).toBe(1);
});

test("a GPU of unknown size has no bar", () => {
  expect(prepareMemoryBars(memory, [gpu(0, null)])).toEqual([]);
});

test("every part is in one segment and has a name", () => {
  for (const part of MEMORY_PARTS) {
    const only = Object.fromEntries(MEMORY_PARTS.map((name) => [name, name === part ? 1 : 0]));
    // Safe because it has a number for every part.
    const [bar] = prepareMemoryBars({ parts: only as typeof parts, totalGiB: 1 }, [gpu(0, 1024)]);
    expect(bar?.segments, part).toHaveLength(1);
    expect(PART_LABEL[part]).not.toBe("");
  }
});
