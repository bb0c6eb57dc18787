import { expect, test } from "vitest";
import type { StageParameters } from "@/server/contracts/recipes";
import { gpusEach, type Placement, placementOf } from "./placement";

const any = (gpuCount: number): StageParameters => ({ fields: {}, env: {}, gpuCount, gpuUuids: [] });
const these = (...gpuUuids: string[]): StageParameters => ({
  fields: {},
  env: {},
  gpuCount: gpuUuids.length,
  gpuUuids,
});
const GPUS = ["a", "b", "c", "d"];

test.each<[string, StageParameters, StageParameters, Placement]>([
  ["halves run side by side", any(2), any(2), "side_by_side"],
  ["more than all wait for each other", any(3), any(2), "one_after_the_other"],
  ["chosen ones that differ run side by side", these("a"), these("b", "c"), "side_by_side"],
  ["chosen ones that overlap wait", these("a", "b"), these("b"), "one_after_the_other"],
  ["the first free ones may be the chosen ones", any(2), these("b"), "one_after_the_other"],
  ["too many fit nowhere", any(5), any(1), null],
  ["an unknown GPU fits nowhere", any(1), these("x"), null],
])("%s", (_name, sft, reward, placement) =>
  expect(placementOf({ sft, reward, ppo: any(1) }, GPUS)).toBe(placement),
);

test("side by side halves the node, one after the other gives each all of it", () => {
  expect([8, 3, 1].map((count) => gpusEach("side_by_side", count))).toEqual([4, 1, 0]);
  expect(gpusEach("one_after_the_other", 3)).toBe(3);
});
