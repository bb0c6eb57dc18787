import { expect, test } from "vitest";
import { modelPlace } from "./model-place";

test.each([
  ["facebook/opt-1.3b", "facebook/opt-1.3b"],
  ["/home/ada/.trainyard/runs/5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01/sft-1", "sft-1"],
  ["/home/ada/.trainyard/runs/5f0c1f3e-8d1f-4c57-9a51-1c1f3b1b7a01/ppo-1/actor", "ppo-1/actor"],
  ["/data/models/llama", "models/llama"],
  ["/llama", "llama"],
])("%s is shown as %s", (path, place) => {
  expect(modelPlace(path)).toBe(place);
});
