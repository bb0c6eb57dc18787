import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StageParameters } from "../contracts/recipes";
import { RunParameters } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";
import type { Database } from "../db";
import { listPresets } from "../recipes";
import { run as runProgram } from "./processes";

/**
 * The node's `deepspeed`: finds its output directory and becomes the test's own program, which the stage's environment holds.
 * Everything before and after it is the product's.
 */
const DEEPSPEED = `#!/bin/sh
for word; do
  [ "$previous" = --output_dir ] && OUTPUT=$word
  [ "$previous" = --tensorboard_path ] && TENSORBOARD=$word
  [ "$previous" = --master_port ] && MASTER_PORT=$word
  previous=$word
done
export OUTPUT TENSORBOARD MASTER_PORT
mkdir -p "$OUTPUT"
eval "$TEST_PROGRAM"
`;
const SAVE = 'echo weights >"$OUTPUT/pytorch_model.bin"';

export interface StartRunOptions {
  name?: string;
  kind?: StageKind;
  env?: Record<string, string>;
  /** Beside the practice preset's. */
  fields?: StageParameters["fields"];
}

/** What launching looks for below a node's home. Returns the virtual environment for the node's settings. */
export function installTraining({ home, owner }: { home: string; owner: string }): string {
  const environment = join(home, "environment");
  const training = join(home, "DeepSpeedExamples/applications/DeepSpeed-Chat/training");
  for (const step of [
    "step1_supervised_finetuning",
    "step2_reward_model_finetuning",
    "step3_rlhf_finetuning",
  ]) {
    mkdirSync(join(training, step), { recursive: true });
  }
  mkdirSync(join(environment, "bin"), { recursive: true });
  writeFileSync(join(environment, "bin/deepspeed"), DEEPSPEED);
  chmodSync(join(environment, "bin/deepspeed"), 0o755);
  if (process.getuid?.() === 0) runProgram("chown", ["-R", owner, home]);
  return environment;
}

/** A run with one stage, whose training is this sh program. It finds $OUTPUT and may use $SAVE. */
export async function insertRun(
  db: Database,
  nodeId: string,
  { program, name = "run", kind = "sft", env = {}, fields = {} }: StartRunOptions & { program: string },
): Promise<{ runId: string; stageId: string }> {
  const preset = listPresets("deepspeed-chat").find((each) => each.isPractice);
  if (preset === undefined) throw new Error("there is no practice preset");
  const stage = preset.stages[kind];
  const parameters = RunParameters.parse({
    presetId: preset.id,
    stages: {
      ...preset.stages,
      [kind]: {
        ...stage,
        fields: { ...stage.fields, ...fields },
        env: { ...env, TEST_PROGRAM: program, SAVE },
      },
    },
    evaluation: { isEnabled: false },
  });
  const created = await db.prisma.run.create({
    data: {
      name,
      recipe: "deepspeed-chat",
      parameters,
      nodeId,
      createdBy: "ann@example.org",
      idempotencyKey: crypto.randomUUID(),
      stages: { create: { kind, status: "queued", gpuCount: 1 } },
    },
    include: { stages: true },
  });
  return { runId: created.id, stageId: created.stages[0]?.id ?? "" };
}
