import { describe, expect, it } from "vitest";
import { PlannerQuery } from "../contracts/estimates";
import { planHardware } from "./plan-hardware";

function cell(model: string, hardware: string, query: Partial<PlannerQuery> = {}) {
  const { cells } = planHardware({ input: PlannerQuery.parse(query) });
  const found = cells.find((one) => one.model === model && one.hardware === hardware);
  if (found === undefined) throw new Error(`no cell for ${model} on ${hardware}`);
  return found;
}

describe("models × hardware", () => {
  it("has the published time and cost of OPT-13B on eight A100 80G", () => {
    const { seconds, cost, largestBatch } = cell("OPT-13B", "A100 80G", { pricePerGpuHour: 4.02 });
    expect((seconds ?? 0) / 3600).toBeCloseTo(9, 0);
    expect((cost ?? 0) / 290).toBeCloseTo(1, 1);
    expect(largestBatch).toBeGreaterThan(0);
  });

  it("gives no time where not even batch 1 fits", () => {
    const query = { gpuCount: 1, zeroStage: 0, pricePerGpuHour: 4 };
    expect(cell("OPT-175B", "H100 80G", query)).toMatchObject({ largestBatch: 0, seconds: null, cost: null });
  });

  it("fits more with offload, and never less on a larger GPU", () => {
    const plain = cell("OPT-6.7B", "A100 40G", { gpuCount: 1, zeroStage: 2, loraRank: 128 });
    const offloaded = cell("OPT-6.7B", "A100 40G", {
      gpuCount: 1,
      zeroStage: 2,
      loraRank: 128,
      offload: "1",
    });
    expect(offloaded.needsGiB).toBeLessThan(plain.needsGiB);
    expect(cell("OPT-13B", "A100 80G").largestBatch).toBeGreaterThanOrEqual(
      cell("OPT-13B", "A100 40G").largestBatch,
    );
  });

  it("costs nothing to say without a price", () => {
    expect(cell("OPT-1.3B", "A100 40G").cost).toBeNull();
  });
});
