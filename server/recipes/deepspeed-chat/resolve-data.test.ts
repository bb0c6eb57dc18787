import { describe, expect, it } from "vitest";
import type { FieldValue } from "../../contracts/recipes";
import { RunParameters } from "../../contracts/runs";
import { PRACTICE_PRESET } from "./practice-preset";
import { resolveData, type UploadedData } from "./resolve-data";
import { DATA_RULES } from "./rules/data-rules";
import { ruleInput, runRules } from "./rules/rule";
import { SPLIT_RULES } from "./rules/split-rules";

const PAIRS = "dataset:pairs@0123456789ab";
const SINGLE = "dataset:single@ba9876543210";
const HUB = "Dahoas/rm-static";
const LOCAL = "local/jsonfile";
const UPLOADED: UploadedData[] = [
  { reference: PAIRS, hasPairs: true, trainCount: 90, evalCount: 10 },
  { reference: SINGLE, hasPairs: false, trainCount: 90, evalCount: 10 },
];

describe("the data flags of a stage", () => {
  it.each<[string, "sft" | "reward", Record<string, FieldValue>, Record<string, FieldValue>, string | null]>([
    ["names of a hub stay", "sft", { data_path: [HUB] }, {}, null],
    ["the checkout's own file stays", "sft", { data_path: [LOCAL] }, {}, null],
    ["pairs are local/jsonfile", "reward", { data_path: [PAIRS] }, { data_path: [LOCAL] }, PAIRS],
    [
      "beside a hub's they keep their order",
      "sft",
      { data_path: [HUB, PAIRS] },
      { data_path: [HUB, LOCAL] },
      PAIRS,
    ],
    [
      "single answers go to sft_only_data_path",
      "sft",
      { data_path: [SINGLE, HUB] },
      { data_path: [HUB], sft_only_data_path: [LOCAL] },
      SINGLE,
    ],
    [
      "single answers alone leave nothing to the split",
      "sft",
      { data_path: [SINGLE], data_split: "2,4,4" },
      { data_path: [LOCAL], data_split: "0,5,5", sft_only_data_path: [LOCAL] },
      SINGLE,
    ],
    [
      "pairs chosen for SFT only stay there",
      "sft",
      { data_path: [HUB], sft_only_data_path: [PAIRS] },
      { data_path: [HUB], sft_only_data_path: [LOCAL] },
      PAIRS,
    ],
    ["a folder of the node", "sft", { data_path: ["~/rows/"] }, { data_path: [LOCAL] }, "~/rows"],
    [
      "a folder that save_to_disk wrote under a hub name stays",
      "sft",
      { data_path: ["/d/Dahoas/rm-static"] },
      {},
      null,
    ],
  ])("%s", (_what, stage, fields, expected, source) => {
    const resolved = resolveData(stage, { fields, uploaded: UPLOADED });
    expect(resolved.fields).toEqual(expected);
    const named = resolved.source?.type === "directory" ? resolved.source.path : resolved.source?.reference;
    expect(named ?? null).toBe(source);
  });
});

describe("problems with data", () => {
  const problems = (changes: Partial<Record<"sft" | "reward" | "ppo", Record<string, FieldValue>>>) => {
    const stages = structuredClone(PRACTICE_PRESET.stages);
    for (const kind of ["sft", "reward", "ppo"] as const) Object.assign(stages[kind].fields, changes[kind]);
    const parameters = RunParameters.parse({ stages, evaluation: {} });
    const node = {
      name: "practice",
      isPractice: true,
      checkout: null,
      deepspeed: null,
      transformers: null,
      gpus: [],
    };
    return runRules([...DATA_RULES, ...SPLIT_RULES], ruleInput(parameters, node, UPLOADED))
      .filter(({ id }) => id !== "prompts-not-judged")
      .map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
  };

  it("are none with pairs in every stage", () => {
    const data = { data_path: [PAIRS] };
    expect(problems({ sft: data, reward: data, ppo: data })).toEqual([]);
  });

  it.each([
    ["reward", "the reward model learns by comparing a chosen with a rejected answer"],
    ["ppo", "PPO trains on the share of the data that follows the reward model's"],
  ] as const)("single answers are refused for %s with the reason", (stage, reason) => {
    expect(problems({ [stage]: { data_path: [SINGLE] } })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^error stages\\.${stage}\\.fields\\.data_path: single@.* has single answers, and ${reason}`,
        ),
      ),
    ]);
  });

  it.each([
    [{ sft: { data_path: [SINGLE] } }, /^note stages\.sft\.fields\.data_path: .*go to --sft_only_data_path/],
    [
      { sft: { data_path: ["dataset:gone@000000000000"] } },
      /^error stages\.sft.*no uploaded data set gone@0/,
    ],
    [
      { reward: { data_path: [PAIRS, LOCAL] } },
      /^error stages\.reward.*reads one local data set a stage, and these are 2/,
    ],
    [
      { sft: { data_path: [PAIRS], sft_only_data_path: [SINGLE] } },
      /^error stages\.sft.*reads one local data set/,
    ],
    [{ reward: { data_path: ["~/rows"] } }, /^note stages\.reward.*has to hold train\.json and eval\.json/],
  ])("%j", (changes, expected) => {
    expect(problems(changes)).toEqual([expect.stringMatching(expected)]);
  });

  it("a split that leaves a stage no row is refused, for either part", () => {
    const found = problems({
      reward: { data_path: [PAIRS], data_split: "10,0,0" },
      ppo: { data_split: "10,0,0" },
    });
    expect(found).toEqual([
      expect.stringMatching(/^error stages\.ppo\.fields\.data_split: The split 10,0,0 leaves no row/),
      expect.stringMatching(/^error stages\.reward\.fields\.data_split: Of the 90 training rows/),
      expect.stringMatching(/^error stages\.reward\.fields\.data_split: Of the 10 evaluation rows/),
    ]);
  });
});
