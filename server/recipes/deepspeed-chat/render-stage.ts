import type { FieldValue, RecipeField, RenderedCommand, StageParameters } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { formatNumber } from "../format-number";
import { hashSettings } from "../hash-settings";
import { FIELDS } from "./fields";
import { applicationDirectory, STAGE_LAYOUT } from "./stage-layout";

/** What only the node and the moment know. Directories are absolute, or begin with ~/ in a preview. */
export interface StageFacts {
  examplesDirectory: string;
  workDirectory: string;
  /** As nvidia-smi numbers them. */
  gpuIndices: readonly number[];
  masterPort: number;
  virtualEnvironment: string | null;
  nodeEnv: Readonly<Record<string, string>>;
}
export interface RenderStageInput {
  stage: StageKind;
  runId: string;
  attemptNumber: number;
  parameters: Pick<StageParameters, "fields" | "env">;
  facts: StageFacts;
  /** Output directories of the attempts that PPO starts from; null for the other stages. */
  checkpoints: { actor: string; critic: string } | null;
}

type Fields = Readonly<Record<string, FieldValue>>;

/** Flags of one stage in the order of the sources; values that say "off" or "not set" give no flag. */
function renderFlags(fields: readonly RecipeField[], values: Fields): string[] {
  return fields.flatMap((field) => renderFlag(field.flag, values[field.name]));
}

function renderFlag(flag: string, value: FieldValue | undefined): string[] {
  if (value === undefined || value === null || value === false || value === "") return [];
  if (value === true) return [flag];
  if (Array.isArray(value)) return value.length === 0 ? [] : [flag, ...value];
  return [flag, typeof value === "number" ? formatNumber(value) : value];
}

export function outputDirectoryOf(input: {
  workDirectory: string;
  runId: string;
  stage: StageKind;
  attemptNumber: number;
}): string {
  return `${input.workDirectory}/runs/${input.runId}/${input.stage}-${input.attemptNumber}`;
}

/** Each stage has its own: two stages that build their shuffle index at once would read each other's half-written files. */
function dataDirectoryOf(input: RenderStageInput): string {
  const value = input.parameters.fields;
  const key = hashSettings([
    value.data_path ?? null,
    value.data_split ?? null,
    value.sft_only_data_path ?? null,
    value.max_seq_len ?? value.max_prompt_seq_len ?? null,
    value.seed ?? null,
    value.model_name_or_path ?? input.checkpoints?.actor ?? null,
    value.add_eot_token ?? false,
  ]);
  return `${input.facts.workDirectory}/data/${input.runId}/${input.stage}-${key}`;
}

function managedFields(input: RenderStageInput, outputDirectory: string): Fields {
  return {
    data_output_path: dataDirectoryOf(input),
    output_dir: outputDirectory,
    enable_tensorboard: true,
    tensorboard_path: `${outputDirectory}/tensorboard`,
    print_loss: input.stage === "sft",
    local_rank: null,
    actor_model_name_or_path: input.checkpoints?.actor ?? null,
    critic_model_name_or_path: input.checkpoints?.critic ?? null,
  };
}

function environmentOf(input: RenderStageInput, application: string): Record<string, string> {
  const { nodeEnv, virtualEnvironment } = input.facts;
  const env = { ...nodeEnv, ...input.parameters.env };
  const pythonPath = env.PYTHONPATH;
  return {
    ...env,
    ...(virtualEnvironment === null ? {} : { VIRTUAL_ENV: virtualEnvironment }),
    // main.py imports dschat, which is not installed; and --include counts GPUs as nvidia-smi does.
    PYTHONPATH: pythonPath ? `${application}:${pythonPath}` : application,
    CUDA_DEVICE_ORDER: "PCI_BUS_ID",
  };
}

function expectedFilesOf(input: RenderStageInput): string[][] {
  const folders: string[] = [...STAGE_LAYOUT[input.stage].checkpoints];
  if (input.parameters.fields.enable_ema === true) folders.push("actor_ema/");
  return folders.map((folder) => [`${folder}pytorch_model.bin`, `${folder}*.safetensors`]);
}

/** The exact command of one attempt. Pure: equal input, equal command. */
export function renderStage(input: RenderStageInput): RenderedCommand {
  const { stage, facts } = input;
  const application = applicationDirectory(facts.examplesDirectory);
  const outputDirectory = outputDirectoryOf({ ...facts, ...input });
  const values = { ...input.parameters.fields, ...managedFields(input, outputDirectory) };
  return {
    workingDirectory: `${application}/${STAGE_LAYOUT[stage].program}`,
    argv: [
      "deepspeed",
      "--include",
      `localhost:${facts.gpuIndices.join(",")}`,
      "--master_port",
      String(facts.masterPort),
      "main.py",
      "--deepspeed",
      ...renderFlags(FIELDS[stage], values),
    ],
    env: environmentOf(input, application),
    pathPrepend: facts.virtualEnvironment === null ? [] : [`${facts.virtualEnvironment}/bin`],
    outputDirectory,
    eventDirectories: STAGE_LAYOUT[stage].eventDirectories.map(
      (directory) => `${outputDirectory}/tensorboard/${directory}`,
    ),
    expectedFiles: expectedFilesOf(input),
  };
}
