import type { FieldValue, RecipeField, RenderedCommand, StageParameters } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { formatNumber } from "../format-number";
import { hashSettings } from "../hash-settings";
import type { CheckoutFlags } from "./checkout-flags";
import { fieldsOf } from "./fields";
import { type ResolvedData, resolveData, type UploadedData } from "./resolve-data";
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
  /** The flags of the checkout that runs; null: the shipped list. */
  checkout: CheckoutFlags | null;
}
export interface RenderStageInput {
  stage: StageKind;
  runId: string;
  attemptNumber: number;
  parameters: Pick<StageParameters, "fields" | "env">;
  facts: StageFacts;
  /** Output directories of the attempts that PPO starts from; null for the other stages. */
  checkpoints: { actor: string; critic: string } | null;
  /** Those that the run names. Default: none. */
  uploaded?: readonly UploadedData[];
}

/** The stage's data flags, and where its rows, cache and prepared data lie. */
interface StageData extends ResolvedData {
  directory: string;
  cacheDirectory: string;
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

/** What Trainyard sets itself is left out where the checkout is older than the flag; what people set is theirs to see refused. */
function takenFields(stage: StageKind, checkout: CheckoutFlags | null): RecipeField[] {
  return fieldsOf(stage, checkout).filter((field) => !(field.isAbsent && field.group === "managed"));
}

export function outputDirectoryOf(input: {
  workDirectory: string;
  runId: string;
  stage: StageKind;
  attemptNumber: number;
}): string {
  return `${input.workDirectory}/runs/${input.runId}/${input.stage}-${input.attemptNumber}`;
}

/**
 * Each stage has its own: two stages that build their shuffle index at once would read each other's half-written files.
 * With local rows each attempt has: the cache does not notice that they changed.
 */
function dataOf(input: RenderStageInput): StageData {
  const { stage, attemptNumber, parameters, uploaded = [] } = input;
  const resolved = resolveData(stage, { fields: parameters.fields, uploaded });
  const parent = `${input.facts.workDirectory}/data/${input.runId}`;
  const key = dataKeyOf(input);
  if (resolved.source === null) {
    const directory = `${parent}/${stage}-${key}`;
    return { ...resolved, directory, cacheDirectory: directory };
  }
  const directory = `${parent}/${stage}-${attemptNumber}-${key}`;
  return { ...resolved, directory, cacheDirectory: `${directory}/cache` };
}

function dataKeyOf(input: RenderStageInput): string {
  const value = input.parameters.fields;
  return hashSettings([
    value.data_path ?? null,
    value.data_split ?? null,
    value.sft_only_data_path ?? null,
    value.max_seq_len ?? value.max_prompt_seq_len ?? null,
    value.seed ?? null,
    value.model_name_or_path ?? input.checkpoints?.actor ?? null,
    value.add_eot_token ?? false,
  ]);
}

function managedFields(
  input: RenderStageInput,
  { data, outputDirectory }: { data: StageData; outputDirectory: string },
): Fields {
  return {
    ...data.fields,
    data_output_path: data.cacheDirectory,
    output_dir: outputDirectory,
    enable_tensorboard: true,
    tensorboard_path: `${outputDirectory}/tensorboard`,
    print_loss: input.stage === "sft",
    local_rank: null,
    actor_model_name_or_path: input.checkpoints?.actor ?? null,
    critic_model_name_or_path: input.checkpoints?.critic ?? null,
  };
}

/** Holds what the attempt's program finds first when it imports dschat. */
function overlayOf(data: StageData): string | null {
  return data.source === null ? null : `${data.directory}/application`;
}

function environmentOf(
  input: RenderStageInput,
  { application, data }: { application: string; data: StageData },
): Record<string, string> {
  const { nodeEnv, virtualEnvironment } = input.facts;
  const env = { ...nodeEnv, ...input.parameters.env };
  const pythonPath = [overlayOf(data), application, env.PYTHONPATH || null].filter((entry) => entry !== null);
  return {
    // Prepared rows go when the run's data goes. Who set a place for them keeps it.
    ...(data.isOnlyLocal && { HF_DATASETS_CACHE: `${data.directory}/prepared` }),
    ...env,
    ...(virtualEnvironment === null ? {} : { VIRTUAL_ENV: virtualEnvironment }),
    // main.py imports dschat, which is not installed; and --include counts GPUs as nvidia-smi does.
    PYTHONPATH: pythonPath.join(":"),
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
  const data = dataOf(input);
  const overlay = overlayOf(data);
  const values = { ...input.parameters.fields, ...managedFields(input, { data, outputDirectory }) };
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
      ...renderFlags(takenFields(stage, facts.checkout), values),
    ],
    env: environmentOf(input, { application, data }),
    pathPrepend: facts.virtualEnvironment === null ? [] : [`${facts.virtualEnvironment}/bin`],
    outputDirectory,
    eventDirectories: STAGE_LAYOUT[stage].eventDirectories.map(
      (directory) => `${outputDirectory}/tensorboard/${directory}`,
    ),
    expectedFiles: expectedFilesOf(input),
    ...(overlay !== null &&
      data.source !== null && {
        localData: { directory: overlay, applicationDirectory: application, source: data.source },
      }),
  };
}
