import { describe, expect, it } from "vitest";
import type { DataPreview, PreviewPart, PreviewProblem, PreviewRow } from "../../../contracts/data-previews";
import { RunParameters } from "../../../contracts/runs";
import { findPreviewProblems } from "./find-preview-problems";

const NAME = "~/rows";
function parametersOf(fields: Record<string, unknown> = {}): RunParameters {
  const stage = { fields: { data_path: [NAME], data_split: "2,4,4", ...fields } };
  return RunParameters.parse({
    stages: { sft: stage, reward: stage, ppo: stage },
    evaluation: { prompts: ["Human: Why? Assistant:"], settings: {} },
  });
}
function row(sequenceTokens: number, promptTokens = 10): PreviewRow {
  return {
    ...{ place: "line 1", prompt: "p", chosen: "c", rejected: "r", isCut: false },
    uses: { sft: true, reward: true, ppo: true },
    ...{ promptTokens, sequenceTokens },
  };
}
function part(rows: PreviewRow[], more: Partial<PreviewPart> = {}): PreviewPart {
  return {
    ...{ part: "train", total: 1000, isTotalExact: true, isShare: false, isWhole: false },
    ...{ columns: [], hasPairs: true, report: null, rows },
    ...more,
  };
}
function preview(more: Partial<DataPreview>): Pick<DataPreview, "name" | "parts" | "problems"> {
  return { name: NAME, parts: [], problems: [], ...more };
}
const problem = (more: Partial<PreviewProblem>): PreviewProblem => ({
  ...{ code: "path_absent", severity: "error", part: null, stages: ["sft", "reward", "ppo"] },
  ...{ message: "Nothing is there.", hint: "Correct it.", instead: null },
  ...more,
});

describe("findPreviewProblems", () => {
  it("puts a problem at the field of each stage that it matters to", () => {
    const found = findPreviewProblems(parametersOf(), [
      preview({ problems: [problem({ stages: ["reward", "ppo"] })] }),
    ]);
    expect(found).toEqual(
      ["reward", "ppo"].map((stage) => ({
        id: "data-path-absent",
        severity: "error",
        stage,
        path: `stages.${stage}.fields.data_path`,
        about: [NAME],
        message: "Nothing is there. Correct it.",
      })),
    );
  });

  it("says nothing of data that no stage names", () => {
    const other = preview({ name: "~/other", problems: [problem({})], parts: [part([row(9000)])] });
    expect(findPreviewProblems(parametersOf(), [other])).toEqual([]);
  });

  it("leaves a set out where others remain, and takes the name that would do", () => {
    const two = parametersOf({ data_path: ["Dahoas/rm-static", NAME] });
    const [first] = findPreviewProblems(two, [preview({ problems: [problem({ stages: ["sft"] })] })]);
    expect(first?.fix).toEqual({
      label: "Leave ~/rows out",
      changes: [{ path: "stages.sft.fields.data_path", value: ["Dahoas/rm-static"] }],
    });
    const instead = preview({ problems: [problem({ stages: ["sft"], instead: "~/folder" })] });
    expect(findPreviewProblems(two, [instead])[0]?.fix).toEqual({
      label: "Use ~/folder",
      changes: [{ path: "stages.sft.fields.data_path", value: ["Dahoas/rm-static", "~/folder"] }],
    });
  });

  it.each<[string, number[], number | null]>([
    ["most are longer", [300, 400, 200], 512],
    ["half are longer", [300, 200], null],
    ["none is", [256, 256], null],
    ["all are longer than any length to offer", [9000, 9000], 0],
  ])("lengths, %s", (_, lengths, better) => {
    const found = findPreviewProblems(parametersOf({ max_seq_len: 256 }), [
      preview({ parts: [part(lengths.map((length) => row(length)))] }),
    ]).filter(({ id }) => id === "data-too-long");
    expect(found.map(({ stage }) => stage)).toEqual(better === null ? [] : ["sft", "reward"]);
    const values = found.flatMap(({ fix }) => fix?.changes.map(({ value }) => value) ?? []);
    expect(values).toEqual(better ? [better, better] : []);
  });

  it("PPO looks at prompts, which it leaves out", () => {
    const rows = [row(900, 300), row(900, 280), row(900, 10)];
    const [found] = findPreviewProblems(parametersOf({ max_seq_len: 4096, max_prompt_seq_len: 256 }), [
      preview({ parts: [part(rows, { isWhole: true })] }),
    ]);
    expect(found).toMatchObject({
      stage: "ppo",
      path: "stages.ppo.fields.max_prompt_seq_len",
      fix: { changes: [{ value: 512 }] },
    });
    expect(found?.message).toContain("67 % of the 3 prompts");
  });

  it("a split that leaves a stage nothing is told where the number of rows is sure", () => {
    const few = (isTotalExact: boolean) => [
      preview({ parts: [part([row(1)], { part: "eval", total: 1, isTotalExact })] }),
    ];
    const found = findPreviewProblems(parametersOf(), few(true));
    expect(found.map(({ id, stage }) => [id, stage])).toEqual([
      ["split-leaves-nothing", "reward"],
      ["split-leaves-nothing", "ppo"],
    ]);
    expect(findPreviewProblems(parametersOf(), few(false))).toEqual([]);
  });

  it("data for supervised fine-tuning alone is not split", () => {
    const parameters = parametersOf({ data_path: ["Dahoas/rm-static"], sft_only_data_path: [NAME] });
    const found = findPreviewProblems(parameters, [
      preview({ parts: [part([row(1)], { total: 1 })], problems: [problem({})] }),
    ]);
    expect(found.map(({ path }) => path)).toEqual(["stages.sft.fields.sft_only_data_path"]);
  });
});
