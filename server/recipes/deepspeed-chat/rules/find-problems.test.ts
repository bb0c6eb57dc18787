import { describe, expect, it } from "vitest";
import type { Finding } from "../../../contracts/runs";
import { DATA_CASES, QUIET_DATA_CASES } from "../../../testing/rule-cases/data-cases";
import { MEMORY_CASES, QUIET_MEMORY_CASES } from "../../../testing/rule-cases/memory-cases";
import { MODEL_CASES, QUIET_MODEL_CASES } from "../../../testing/rule-cases/model-cases";
import { NODE_CASES, QUIET_NODE_CASES } from "../../../testing/rule-cases/node-cases";
import { gpusNamed, type RuleSetting, settingOf, withFix } from "../../../testing/rule-cases/rule-case";
import { PRESETS } from "../presets";
import { findProblems, RULES } from "./find-problems";

const CASES = [...NODE_CASES, ...DATA_CASES, ...MEMORY_CASES, ...MODEL_CASES];
const QUIET = [...QUIET_NODE_CASES, ...QUIET_DATA_CASES, ...QUIET_MEMORY_CASES, ...QUIET_MODEL_CASES];

function findingsOf(setting: RuleSetting): Finding[] {
  const { parameters, node, uploaded } = settingOf(setting);
  return findProblems(parameters, node, uploaded);
}
const keyOf = ({ id, path }: Finding) => `${id} ${path}`;
const errorsOf = (findings: Finding[]) => findings.filter(({ severity }) => severity === "error").map(keyOf);

describe("the rules", () => {
  it("have ids that are kebab-case and differ", () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("have a case each, and no case is of none", () => {
    const ids = new Set(RULES.map(({ id }) => id));
    expect(new Set(CASES.map(({ rule }) => rule))).toEqual(ids);
    expect(QUIET.filter(({ rule }) => !ids.has(rule))).toEqual([]);
  });
});

describe("a rule", () => {
  it.each(CASES.map((entry) => [`${entry.rule} tells when ${entry.when}`, entry] as const))(
    "%s",
    (_, { rule, severity, path, fix, ...setting }) => {
      const found = findingsOf(setting).find((finding) => finding.id === rule && finding.path === path);
      expect(found?.severity).toBe(severity);
      expect(found?.stage).toBe(/^stages\.(\w+)\./.exec(path ?? "")?.[1] ?? null);
      const changes = fix && Object.entries(fix).map(([at, value]) => ({ path: at, value }));
      expect(found?.fix?.changes).toEqual(changes);
    },
  );

  it.each(QUIET.map((entry) => [`${entry.rule} is quiet when ${entry.when}`, entry] as const))(
    "%s",
    (_, { rule, ...setting }) => {
      expect(findingsOf(setting).filter(({ id }) => id === rule)).toEqual([]);
    },
  );
});

describe("a fix", () => {
  it.each(
    CASES.filter(({ fix }) => fix !== undefined).map(
      (entry) => [`${entry.rule}: ${entry.when}`, entry] as const,
    ),
  )("%s takes its finding away and brings no error", (_, { rule, path, ...setting }) => {
    const { parameters, node, uploaded } = settingOf(setting);
    const before = findProblems(parameters, node, uploaded);
    const fix = before.find((finding) => finding.id === rule && finding.path === path)?.fix;
    if (fix === undefined) throw new Error("no fix");
    const after = findProblems(withFix(parameters, fix), node, uploaded);
    expect(after.map(keyOf)).not.toContain(`${rule} ${path}`);
    expect(errorsOf(after).filter((key) => !errorsOf(before).includes(key))).toEqual([]);
  });
});

/** Warnings about what DeepSpeed-Chat ships, and why they are right. */
const EXPECTED_WARNINGS: Readonly<Record<string, string[]>> = {
  // The shipped Llama scripts leave --dtype at fp16; transformers' own page of Llama 2 warns of nan.
  "llama-2-7b-single-node": ["llama-fp16"],
  "llama-2-7b-lora-single-node": ["llama-fp16"],
  "llama-2-7b-mixed-precision-lora-single-node": ["llama-fp16"],
};

describe("a preset", () => {
  it.each(PRESETS.map(({ id, isPractice }) => [id, isPractice] as const))(
    "%s has no error on a node for it, and no warning without a reason",
    (preset, isPractice) => {
      const found = findingsOf({ preset, node: { isPractice } });
      expect(errorsOf(found)).toEqual([]);
      const warnings = found.filter(({ severity }) => severity === "warning").map(({ id }) => id);
      expect(warnings).toEqual(EXPECTED_WARNINGS[preset] ?? []);
    },
  );

  it("for 2 × A30 is quiet on two 24 GB cards", () => {
    const node = { gpus: gpusNamed("NVIDIA A30", 2, 24_576) };
    const found = findingsOf({ preset: "opt-1.3b-2xa30", node });
    expect(found.filter(({ severity }) => severity !== "note")).toEqual([]);
  });
});

it("too many GPUs are refused in every stage, with the node's number as the fix", () => {
  const found = findingsOf({ node: { gpus: gpusNamed("NVIDIA A30", 2) } });
  expect(found.filter(({ id }) => id === "gpu-count").map(({ fix }) => fix?.changes)).toEqual(
    ["sft", "reward", "ppo"].map((stage) => [{ path: `stages.${stage}.gpuCount`, value: 2 }]),
  );
});

it("a stage's batch is told of by one rule alone", () => {
  const verdicts = ["no-optimizer-step", "batch-exceeds-rows", "few-steps", "global-batch"];
  for (const entry of CASES) {
    const found = findingsOf(entry).filter(({ id }) => verdicts.includes(id));
    const stages = found.map(({ stage }) => stage);
    expect(new Set(stages).size, entry.when).toBe(stages.length);
  }
});
