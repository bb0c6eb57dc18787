import { expect, it } from "vitest";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { findProblems, listPresets, renderStage, type StageFacts } from "../recipes";
import { opt13b } from "../testing/node-check-facts";

// Why no check asks whether an output directory is in use: it cannot be.

const WORK = "/home/ada/.trainyard";
const FACTS: StageFacts = {
  examplesDirectory: "/home/ada/DeepSpeedExamples",
  workDirectory: WORK,
  gpuIndices: [0],
  masterPort: 23_456,
  virtualEnvironment: null,
  nodeEnv: {},
  checkout: null,
};
const WRITING_FLAGS = ["--output_dir", "--tensorboard_path", "--data_output_path"];

/** Every directory that the program of an attempt is told to write to. */
function writtenBy(attempt: {
  runId: string;
  stage: StageKind;
  attemptNumber: number;
  data?: string[];
}): string[] {
  const { runId, stage, attemptNumber, data } = attempt;
  return listPresets("deepspeed-chat").flatMap(({ stages }) => {
    const fields = { ...stages[stage].fields, ...(data && { data_path: data }) };
    const checkpoints = stage === "ppo" ? { actor: "/actor", critic: "/critic" } : null;
    const parameters = { fields, env: {} };
    const { argv } = renderStage({ stage, runId, attemptNumber, parameters, facts: FACTS, checkpoints });
    return argv.filter((_word, index) => WRITING_FLAGS.includes(argv[index - 1] ?? ""));
  });
}

const shared = (one: string[], other: string[]) => one.filter((path) => other.includes(path));

it("each attempt writes below directories that name its run, and its checkpoints where no other attempt's go", () => {
  for (const stage of STAGE_KINDS) {
    const first = writtenBy({ runId: "run-a", stage, attemptNumber: 1 });
    expect(first.length).toBeGreaterThan(0);
    for (const path of first) expect(path).toMatch(/^\/home\/ada\/\.trainyard\/(?:runs|data)\/run-a\//);
    const outputs = (paths: string[]) => paths.filter((path) => path.startsWith(`${WORK}/runs/`));
    for (const other of [
      writtenBy({ runId: "run-a", stage, attemptNumber: 2 }),
      writtenBy({ runId: "run-b", stage, attemptNumber: 1 }),
    ])
      expect(shared(outputs(first), outputs(other))).toEqual([]);
  }
});

it("with rows of its own, an attempt shares no directory at all", () => {
  const of = (attemptNumber: number) =>
    writtenBy({ runId: "run-a", stage: "sft", attemptNumber, data: ["~/rows"] });
  expect(shared(of(1), of(2))).toEqual([]);
});

it.each(["output_dir", "tensorboard_path", "data_output_path"])("nobody can set %s by hand", (name) => {
  const node = {
    checkout: null,
    name: "gpu-1",
    isPractice: false,
    deepspeed: null,
    transformers: null,
    gpus: [],
  };
  const findings = findProblems(opt13b({ [name]: "/shared/out" }), node, []);
  expect(findings).toContainEqual(
    expect.objectContaining({ severity: "error", path: `stages.sft.fields.${name}` }),
  );
});
