import { type PlannerCell, PlannerQuery, type PlannerResult } from "../contracts/estimates";
import { AppError } from "../errors";
import { findModel, MODELS, type Model } from "../recipes/deepspeed-chat/models";
import { HARDWARE, type Hardware } from "./hardware";
import { estimateMemory, largestBatch, type PpoSetting, type Training, withBatch } from "./memory";
import { costOf, PUBLISHED_WORK, publishedSeconds } from "./time";

const REWARD_MODEL = "OPT-350M";
const LENGTH = PUBLISHED_WORK.length / 2;
const LARGEST_BATCH = 64;

/** PPO of every known model on every known kind of GPU: fits, largest batch (up to 64), time and cost. Pure. */
export function planHardware({ input }: { input: PlannerQuery }): PlannerResult {
  const query = PlannerQuery.parse(input);
  const critic = findModel(REWARD_MODEL);
  if (critic === null) throw new AppError("INTERNAL", `${REWARD_MODEL} is not in the catalogue.`);
  const cells = MODELS.flatMap((model) => {
    const setting = settingOf(model, critic, query);
    return HARDWARE.map((hardware) => cellOf(model, hardware, { setting, query }));
  });
  return {
    queries: PUBLISHED_WORK.samples,
    promptLength: LENGTH,
    answerLength: LENGTH,
    rewardModel: REWARD_MODEL,
    cells,
  };
}

function settingOf(actor: Model, critic: Model, query: PlannerQuery): PpoSetting {
  const { gpuCount, loraRank, zeroStage, offload } = query;
  const isOffloaded = offload === "1";
  const training = (model: Model, rank: number): Training => ({
    ...{ model, zeroStage: zeroStage === 1 || zeroStage === 2 || zeroStage === 3 ? zeroStage : 0 },
    ...{
      isOffloaded,
      dtype: "fp16",
      loraRank: rank,
      isOnlyLora: false,
      hasCheckpointing: true,
      hasFusedAttention: false,
    },
  });
  return {
    ...{ kind: "ppo", actor: training(actor, loraRank), critic: training(critic, 0), gpuCount },
    ...{ generationBatch: 1, trainingBatch: 1, promptLength: LENGTH, answerLength: LENGTH },
    ...{ hasHybridEngine: true, hasEma: false, isReferenceOffloaded: isOffloaded },
  };
}

function cellOf(
  model: Model,
  hardware: Hardware,
  { setting, query }: { setting: PpoSetting; query: PlannerQuery },
): PlannerCell {
  const { gpuCount, pricePerGpuHour } = query;
  const batch = largestBatch(setting, hardware.memoryGiB, LARGEST_BATCH);
  const time = {
    stage: "ppo",
    model,
    hasCheckpointing: true,
    hardware,
    gpuCount,
    work: PUBLISHED_WORK,
  } as const;
  const seconds = batch === 0 ? null : publishedSeconds(time);
  return {
    model: model.name,
    family: model.family,
    hardware: hardware.name,
    memoryGiB: hardware.memoryGiB,
    needsGiB: estimateMemory(withBatch(setting, 1)).totalGiB,
    largestBatch: batch,
    seconds,
    cost:
      seconds === null || pricePerGpuHour === undefined ? null : costOf(seconds, gpuCount, pricePerGpuHour),
  };
}
