import type { StageEstimate } from "../contracts/estimates";
import type { StageParameters } from "../contracts/recipes";
import type { RunParameters } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";
import type { UploadedData } from "../recipes";
import { findHardware } from "./hardware";
import { estimateMemory, largestBatch, type Setting } from "./memory";
import { type FinishedStage, fieldsKeyOf, ownPace, type WantedStage } from "./own-pace";
import { BATCH_FIELDS, type FoundSetting, modelNameOf, settingOf } from "./settings";
import { costOf, publishedSeconds } from "./time";
import { workOf } from "./work";

export interface EstimatedNode {
  name: string;
  pricePerGpuHour: number | null;
  /** Version there; null: not known. */
  transformers: string | null;
  gpus: StageEstimate["gpus"];
}

export interface EstimateStageInput {
  stage: StageKind;
  parameters: RunParameters;
  node: EstimatedNode;
  /** On the kind of GPU that the stage would get. */
  finished: readonly FinishedStage[];
  /** The uploaded data sets that it reads. */
  uploaded: readonly UploadedData[];
}

/** Whether a stage fits its GPUs, how long it takes there, and what that costs. */
export function estimateStage(input: EstimateStageInput): StageEstimate {
  const { stage, parameters, node } = input;
  const own = parameters.stages[stage];
  const gpus = gpusOf(own, node);
  const gpuCount = own.gpuUuids.length || own.gpuCount;
  const found = settingOf(stage, parameters, { gpuCount, transformers: node.transformers });
  const { time, timeReason } = timeOf(input, found, { gpuCount, gpuName: gpus[0]?.name ?? "" });
  const { pricePerGpuHour } = node;
  return {
    stage,
    modelName: modelNameOf(stage, parameters),
    gpus,
    gpuCount,
    batchFields: [...BATCH_FIELDS[stage]],
    ...memoryOf(found, gpus),
    time,
    timeReason,
    cost: time === null || pricePerGpuHour === null ? null : costOf(time.seconds, gpuCount, pricePerGpuHour),
  };
}

/** What finished stages are compared with. */
export function wantedStage(
  { stage, parameters, uploaded }: Pick<EstimateStageInput, "stage" | "parameters" | "uploaded">,
  gpuCount: number,
): WantedStage {
  const own = parameters.stages[stage];
  return {
    ...{ stage, modelName: modelNameOf(stage, parameters), gpuCount, fieldsKey: fieldsKeyOf(own) },
    work: workOf(stage, own, uploaded),
  };
}

/** Those that are named, else the first ones: any may be given to the stage. */
export function gpusOf({ gpuUuids, gpuCount }: StageParameters, node: EstimatedNode): StageEstimate["gpus"] {
  if (gpuUuids.length > 0) return node.gpus.filter(({ uuid }) => gpuUuids.includes(uuid));
  return node.gpus.slice(0, gpuCount);
}

type MemoryAnswer = Pick<StageEstimate, "memory" | "isFitting" | "largestBatch" | "batch" | "reason">;

function memoryOf(found: FoundSetting, gpus: StageEstimate["gpus"]): MemoryAnswer {
  const nothing = { memory: null, isFitting: null, largestBatch: null, batch: null };
  if ("reason" in found) return { ...nothing, reason: found.reason };
  const { setting } = found;
  const memory = estimateMemory(setting);
  const batch = batchOf(setting);
  const sizes = gpus.flatMap(({ memoryTotalMiB }) => memoryTotalMiB ?? []);
  if (sizes.length === 0 || sizes.length < gpus.length) {
    const isPart = gpus.some(({ name }) => / MIG /.test(name));
    const reason = isPart
      ? "nvidia-smi does not tell how much memory a MIG instance has."
      : "How much memory the GPUs have is not known: refresh the node's inventory.";
    return { ...nothing, memory, batch, reason };
  }
  const capacityGiB = Math.min(...sizes) / 1024;
  return {
    memory,
    isFitting: memory.totalGiB <= capacityGiB,
    largestBatch: largestBatch(setting, capacityGiB),
    batch,
    reason: isExact(setting) ? null : "The shape of this model is not known; one of its size was taken.",
  };
}

function batchOf(setting: Setting): number {
  return setting.kind === "ppo" ? setting.trainingBatch : setting.batch;
}

function isExact(setting: Setting): boolean {
  const models =
    setting.kind === "ppo" ? [setting.actor.model, setting.critic.model] : [setting.training.model];
  return models.every(({ isKnown }) => isKnown);
}

function timeOf(
  { stage, parameters, finished, uploaded }: EstimateStageInput,
  found: FoundSetting,
  { gpuCount, gpuName }: { gpuCount: number; gpuName: string },
): Pick<StageEstimate, "time" | "timeReason"> {
  const own = ownPace(finished, wantedStage({ stage, parameters, uploaded }, gpuCount));
  if (own !== null) {
    const { seconds, runCount, isSameSettings } = own;
    return { time: { seconds, basis: "own", runCount, isSameSettings }, timeReason: null };
  }
  const unknown = (timeReason: string) => ({ time: null, timeReason });
  if ("reason" in found) return unknown("The first finished run of this model here will tell.");
  const hardware = findHardware(gpuName);
  if (hardware === null) {
    return unknown(
      `No figures are published for ${gpuName || "this GPU"}; the first finished run will tell.`,
    );
  }
  const { samples, ...rest } = workOf(stage, parameters.stages[stage], uploaded);
  if (samples === null)
    return unknown("How large the data is is not known; the first finished run will tell.");
  const training = found.setting.kind === "ppo" ? found.setting.actor : found.setting.training;
  const { model, hasCheckpointing } = training;
  const seconds = publishedSeconds({
    ...{ stage, model, hasCheckpointing, hardware, gpuCount },
    work: { ...rest, samples },
  });
  return { time: { seconds, basis: "published", runCount: 0, isSameSettings: false }, timeReason: null };
}
