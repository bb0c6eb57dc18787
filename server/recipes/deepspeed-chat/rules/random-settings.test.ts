import { expect, it } from "vitest";
import type { FieldValue } from "../../../contracts/recipes";
import { STAGE_KINDS, type StageKind } from "../../../contracts/statuses";
import { gpusNamed, PAIRS, SINGLE, settingOf, withFix } from "../../../testing/rule-cases/rule-case";
import { FIELDS } from "../fields";
import { PRESETS } from "../presets";
import { findProblems } from "./find-problems";

const MODELS = [
  ...["facebook/opt-1.3b", "meta-llama/Llama-2-7b-hf", "bigscience/bloom-560m", "gpt2-xl"],
  ...["/models/mine", "practice/tiny-lm"],
];
const DATA_SETS = [
  "Dahoas/rm-static",
  "wangrui6/Zhihu-KOL",
  "someone/rows",
  PAIRS.reference,
  SINGLE.reference,
];
const GPUS = ["NVIDIA A100-SXM4-80GB", "Tesla V100-SXM2-32GB", "Tesla P100-PCIE-16GB"];
const NUMBERS = [0, 1, 2, 3, 8, 27.8, 64, 512, 2049, 1e-3];

/** Numerical Recipes' linear congruential generator: equal seeds, equal settings. */
function random(seed: number): <T>(from: readonly T[]) => T {
  let state = seed;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const chosen = from[Math.floor((state / 2 ** 32) * from.length)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  };
}

function randomFields(stage: StageKind, pick: ReturnType<typeof random>): Record<string, FieldValue> {
  const fields = FIELDS[stage].filter(({ group }) => group !== "managed");
  const values = (name: string, type: string, choices: readonly string[]): readonly FieldValue[] => {
    if (name === "model_name_or_path") return MODELS;
    if (name === "data_split") return ["2,4,4", "10,0,0", "1,1,8", "0,5,5"];
    if (type === "boolean") return [true, false];
    if (type === "list") return [[], [pick(DATA_SETS)], [pick(DATA_SETS), pick(DATA_SETS)]];
    if (type === "choice") return choices;
    return type === "string" ? ["layers.", "words", null] : NUMBERS;
  };
  const changed = fields.filter(() => pick([true, false, false]));
  return Object.fromEntries(
    changed.map(({ name, type, choices }) => [name, pick(values(name, type, choices ?? []))]),
  );
}

it("whatever is set, every fix takes its finding away", () => {
  const pick = random(20);
  const used = new Set<string>();
  for (let round = 0; round < 150; round += 1) {
    const { parameters, node, uploaded } = settingOf({
      preset: pick(PRESETS).id,
      fields: Object.fromEntries(STAGE_KINDS.map((stage) => [stage, randomFields(stage, pick)])),
      gpuCount: { sft: pick([1, 2, 8]), reward: pick([1, 4]), ppo: pick([1, 3, 8, 9]) },
      node: { gpus: gpusNamed(pick(GPUS)), isPractice: pick([true, false, false, false]) },
      uploaded: pick([[PAIRS, SINGLE], [PAIRS], []]),
    });
    for (const { id, path, fix } of findProblems(parameters, node, uploaded)) {
      if (fix === undefined) continue;
      used.add(id);
      const after = findProblems(withFix(parameters, fix), node, uploaded);
      const again = after.filter((finding) => finding.id === id && finding.path === path);
      expect(again, `${id} at ${path} in round ${round}: ${JSON.stringify(fix)}`).toEqual([]);
    }
  }
  // The settings reach most rules that offer a fix; the table of cases reaches all.
  expect(used.size).toBeGreaterThan(25);
});
