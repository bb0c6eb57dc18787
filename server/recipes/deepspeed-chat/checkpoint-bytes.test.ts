import { expect, test } from "vitest";
import { RunParameters } from "../../contracts/runs";
import { checkpointBytes } from "./checkpoint-bytes";
import { PRESETS } from "./presets";

function parametersOf(presetId: string, ppo: Record<string, boolean> = {}): RunParameters {
  const preset = PRESETS.find(({ id }) => id === presetId);
  const parameters = RunParameters.parse({ stages: structuredClone(preset?.stages), evaluation: {} });
  Object.assign(parameters.stages.ppo.fields, ppo);
  return parameters;
}

// 1,315,758,080 and 331,196,416 weights, and a value head on OPT-350M's 512 outputs; two bytes each.
const OPT_1B3 = 2 * 1_315_758_080;
const OPT_350M_REWARD = 2 * (331_196_416 + 512);

test("a stage leaves its model in half precision, PPO both of its own", () => {
  const { sft, reward, ppo } = checkpointBytes(parametersOf("opt-1.3b-2xa30"));
  expect([sft.bytes, reward.bytes, ppo.bytes]).toEqual([OPT_1B3, OPT_350M_REWARD, OPT_1B3 + OPT_350M_REWARD]);
});

test("an averaged actor is as large as the actor once more", () => {
  const { ppo } = checkpointBytes(parametersOf("opt-1.3b-2xa30", { enable_ema: true }));
  expect(ppo.parts.map(({ model }) => model)).toEqual(["actor", "critic", "actor_ema"]);
  expect(ppo.bytes).toBe(2 * OPT_1B3 + OPT_350M_REWARD);
});

test("Llama's reward model has no language model head", () => {
  const { sft, reward } = checkpointBytes(parametersOf("llama-2-7b-single-node"));
  expect(sft.bytes).toBe(2 * 6_738_415_616);
  expect((sft.bytes ?? 0) - (reward.bytes ?? 0)).toBe(2 * (32_000 * 4096 - 4096));
});

test("a name that tells no size gives no number, and none for PPO either", () => {
  const parameters = parametersOf("opt-1.3b-2xa30");
  parameters.stages.reward.fields.model_name_or_path = "/models/mine";
  const { sft, reward, ppo } = checkpointBytes(parameters);
  expect([sft.bytes, reward.bytes, ppo.bytes]).toEqual([OPT_1B3, null, null]);
  expect(ppo.parts[0]).toEqual({ model: "actor", bytes: OPT_1B3 });
});
