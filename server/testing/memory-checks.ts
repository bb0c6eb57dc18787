import { estimateMemory, largestBatch, type Setting, type Training } from "../estimates/memory";
import { findModel, MODELS } from "../recipes/deepspeed-chat/models";

/** What somebody measured, and the same thing estimated. GiB. */
export interface MemoryCheck {
  what: string;
  measured: number;
  estimated: number;
}

function training(name: string, changes: Partial<Training> = {}): Training {
  const model = findModel(name);
  if (model === null) throw new Error(`${name} is no known model`);
  const plain = { zeroStage: 2, isOffloaded: false, dtype: "fp16", loraRank: 0 } as const;
  return {
    model,
    ...plain,
    isOnlyLora: false,
    hasCheckpointing: false,
    hasFusedAttention: false,
    ...changes,
  };
}

const sft = (gpuCount: number, batch: number): Setting => ({
  ...{ kind: "sft", training: training("opt-1.3b"), gpuCount, batch, sequence: 512 },
});
const LENGTHS = { promptLength: 256, answerLength: 256, hasHybridEngine: true } as const;

/** torch's MaxMemAllocated leaves out the CUDA context; nvidia-smi's figure has it. */
export function memoryChecks(): MemoryCheck[] {
  const allocated = (setting: Setting) => {
    const { totalGiB, parts } = estimateMemory(setting);
    return totalGiB - parts.context;
  };
  return [
    {
      what: "SFT, OPT-1.3B, batch 4, ZeRO 2, 2 × A30 24 GB, in nvidia-smi",
      measured: 23,
      estimated: estimateMemory(sft(2, 4)).totalGiB,
    },
    {
      what: "SFT, OPT-1.3B, batch 8, ZeRO 2, 16 GPUs, MaxMemAllocated",
      measured: 22.95,
      estimated: allocated(sft(16, 8)),
    },
    {
      what: "Reward model, OPT-350M, batch 4, ZeRO 0, 16 GPUs, MaxMemAllocated",
      measured: 12.81,
      estimated: allocated({
        ...{ kind: "reward", training: training("opt-350m", { zeroStage: 0 }) },
        ...{ gpuCount: 16, batch: 4, sequence: 512 },
      }),
    },
    {
      what: "PPO, OPT-1.3B and 350M, batch 4, ZeRO 2, EMA, 16 GPUs, MaxMemAllocated",
      measured: 20.55,
      estimated: allocated({
        ...{
          kind: "ppo",
          actor: training("opt-1.3b"),
          critic: training("opt-350m"),
          gpuCount: 16,
          ...LENGTHS,
        },
        ...{ generationBatch: 4, trainingBatch: 4, hasEma: true, isReferenceOffloaded: false },
      }),
    },
  ];
}

/** Largest batch of SFT, OPT-1.3B, sequences of 512, ZeRO 2, on two A30 of 24,576 MiB. */
export function largestBatchOnTwoA30(): number {
  return largestBatch(sft(2, 1), 24);
}

/** Step 3 on one GPU as run_6.7b_lora.sh has it (batch 8, LoRA 128, checkpointing), with ZeRO 2 and offload. */
function onOneGpu(name: string, { isOffloaded = true, batch = 8 } = {}): Setting {
  const changes = { isOffloaded, hasCheckpointing: true, zeroStage: isOffloaded ? 2 : 0 } as const;
  return {
    ...{ kind: "ppo", actor: training(name, { ...changes, loraRank: 128 }), ...LENGTHS },
    ...{ critic: training("opt-350m", changes), gpuCount: 1, generationBatch: batch, trainingBatch: batch },
    ...{ hasEma: false, isReferenceOffloaded: false },
  };
}

/** OPT-6.7B on one GPU, GiB: as shipped without offload, and with offload but batch 1. */
export function otherSettingsOnOneGpu(): { withoutOffload: number; batchOne: number } {
  const needs = (changes: { isOffloaded?: boolean; batch?: number }) =>
    estimateMemory(onOneGpu("opt-6.7b", changes)).totalGiB;
  return { withoutOffload: needs({ isOffloaded: false }), batchOne: needs({ batch: 1 }) };
}

export interface LargestModelCheck {
  gpu: string;
  capacityGiB: number;
  published: string;
  estimated: string;
  /** Of the published model, and of the next larger one that must not fit. */
  needsGiB: number;
  nextNeedsGiB: number;
}

export function largestModelChecks(): LargestModelCheck[] {
  const opt = MODELS.filter(({ family }) => family === "OPT").map(({ name }) => name);
  const needs = (name: string | undefined) => estimateMemory(onOneGpu(name ?? "")).totalGiB;
  const check = (gpu: string, capacityGiB: number, published: string): LargestModelCheck => ({
    gpu,
    capacityGiB,
    published,
    estimated: opt.findLast((name) => needs(name) <= capacityGiB) ?? "none",
    needsGiB: needs(published),
    nextNeedsGiB: needs(opt[opt.indexOf(published) + 1]),
  });
  return [
    check("V100 32G", 32, "OPT-2.7B"),
    check("A6000 48G", 48, "OPT-6.7B"),
    check("A100 40G", 40, "OPT-6.7B"),
    check("A100 80G", 80, "OPT-13B"),
  ];
}
