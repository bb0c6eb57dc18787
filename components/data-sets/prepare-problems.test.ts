import { expect, it } from "vitest";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { Finding } from "@/server/contracts/runs";
import { STAGE_KINDS } from "@/server/contracts/statuses";
import { problemsOf } from "./prepare-problems";

const problem: DataPreview["problems"][number] = {
  code: "path_absent",
  severity: "error",
  part: null,
  stages: [...STAGE_KINDS],
  message: "/data/a is not there.",
  hint: "Look at the name.",
  instead: "/data/b",
};
const path = (stage: string) => `stages.${stage}.fields.data_path`;
const findings = STAGE_KINDS.map(
  (stage): Finding => ({
    ...{ id: "data-path-absent", severity: "error", stage, path: path(stage) },
    message: "/data/a is not there. Look at the name.",
    fix: { label: "Use /data/b", changes: [{ path: path(stage), value: ["/data/b"] }] },
  }),
);

it("mends a problem in every stage that has it at one press", () => {
  const [shown, ...others] = problemsOf({ problems: [problem], findings });
  expect(others).toEqual([]);
  expect(shown?.fix?.label).toBe("Use /data/b");
  expect(shown?.fix?.changes.map((change) => change.path)).toEqual(STAGE_KINDS.map(path));
});

it("adds what is found about the run alone", () => {
  const long: Finding = {
    ...{
      id: "data-too-long",
      severity: "warning",
      stage: "ppo",
      path: "stages.ppo.fields.max_prompt_seq_len",
    },
    message: "Most prompts are longer.",
  };
  const shown = problemsOf({ problems: [problem], findings: [...findings, long] });
  expect(shown.map(({ message, stages }) => [message, stages])).toEqual([
    ["/data/a is not there.", STAGE_KINDS],
    ["Most prompts are longer.", ["ppo"]],
  ]);
});
