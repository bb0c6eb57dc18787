import type { MemoryEstimate } from "../contracts/estimates";
import {
  linearPerLayer,
  loraParameterCount,
  type Model,
  parameterCount,
} from "../recipes/deepspeed-chat/models";

const GIB = 1024 ** 3;
/** fp16 and bf16 alike: both of the precisions that DeepSpeed-Chat trains in. */
const HALF = 2;
/** DeepSpeed's default of reduce_bucket_size: elements whose gradients are reduced at once. */
const REDUCE_BUCKET = 5e8;
/** stage3_max_live_parameters + stage3_prefetch_bucket_size in DeepSpeed-Chat's ds_utils.py, elements. */
const LIVE_PARAMETERS = 6e7;
/** CUDA context, kernels, cuBLAS and NCCL: what nvidia-smi shows beyond torch's own memory, GiB. Typical of Ampere. */
const CONTEXT_GIB = 0.75;
/** Temporaries and the allocator's waste on what lives for one step. Fitted to the measurements in docs/estimates.md. */
const WORKSPACE = 1.08;

/** How one engine trains its model. */
export interface Training {
  model: Model;
  zeroStage: 0 | 1 | 2 | 3;
  /** Optimizer, and with ZeRO 3 also the weights, in main memory. */
  isOffloaded: boolean;
  dtype: "fp16" | "bf16";
  /** 0: none. */
  loraRank: number;
  isOnlyLora: boolean;
  hasCheckpointing: boolean;
  /** The attention keeps one number a row instead of its matrix (FlashAttention, PyTorch's memory-efficient kernel). */
  hasFusedAttention: boolean;
}
/** A language model or a reward model by itself. A reward model reads pairs and has no logits. */
export interface SingleSetting {
  kind: "sft" | "reward";
  training: Training;
  gpuCount: number;
  /** Per device; pairs, for a reward model. */
  batch: number;
  sequence: number;
}
export interface PpoSetting {
  kind: "ppo";
  actor: Training;
  critic: Training;
  gpuCount: number;
  generationBatch: number;
  trainingBatch: number;
  promptLength: number;
  answerLength: number;
  hasHybridEngine: boolean;
  hasEma: boolean;
  isReferenceOffloaded: boolean;
}
export type Setting = SingleSetting | PpoSetting;

/**
 * Memory of one GPU at the stage's peak: what stays (weights, gradients, optimizer, frozen models, cache) and what the
 * hungriest moment of a step adds.
 */
export function estimateMemory(setting: Setting): MemoryEstimate {
  return setting.kind === "ppo" ? ppoMemory(setting) : singleMemory(setting);
}

/** Largest batch from 1 to `limit` whose estimate stays within `capacityGiB`; 0: not even one. PPO: both its batches. */
export function largestBatch(setting: Setting, capacityGiB: number, limit = 1024): number {
  let [fits, fails] = [0, limit + 1];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (estimateMemory(withBatch(setting, middle)).totalGiB <= capacityGiB) fits = middle;
    else fails = middle;
  }
  return fits;
}

export function withBatch(setting: Setting, batch: number): Setting {
  return setting.kind === "ppo"
    ? { ...setting, generationBatch: batch, trainingBatch: batch }
    : { ...setting, batch };
}

function singleMemory({ kind, training, gpuCount, batch, sequence }: SingleSetting): MemoryEstimate {
  const stays = engineBytes(training, gpuCount);
  // A reward model compares two answers in one forward pass (reward_model.py: the batch is chosen, then rejected).
  const sequences = kind === "reward" ? 2 * batch : batch;
  const activations = activationBytes(training, sequences * sequence, sequence);
  // Half-precision logits, their fp32 copy and the log-softmax that cross-entropy keeps: 2 + 4 + 4 bytes.
  const logits = kind === "reward" ? 0 : logitsBytes(training.model, sequences * sequence, 10);
  const buffers = bufferBytes(training);
  return peak(stays, [
    { activations, logits, buffers },
    { activations: 0, logits: 0, buffers: stepBytes(training, gpuCount) },
  ]);
}

/** Actor and critic train; reference model, reward model and the actor's moving average (EMA) only answer. */
function ppoMemory(setting: PpoSetting): MemoryEstimate {
  const { actor, critic, gpuCount, generationBatch, trainingBatch, hasEma, isReferenceOffloaded } = setting;
  const length = setting.promptLength + setting.answerLength;
  const [actorStays, criticStays] = [engineBytes(actor, gpuCount), engineBytes(critic, gpuCount)];
  const reference = frozenBytes(actor, { gpuCount, isOffloaded: isReferenceOffloaded });
  const cache = cacheBytes(actor.model, generationBatch, length);
  const stays = {
    weights: actorStays.weights + criticStays.weights,
    gradients: actorStays.gradients + criticStays.gradients,
    optimizer: actorStays.optimizer + criticStays.optimizer,
    frozen: reference + frozenBytes(critic, { gpuCount, isOffloaded: critic.isOffloaded }),
    ema: hasEma ? reference : 0,
    // The hybrid engine keeps its workspace between steps; without it the cache goes when the answers are there.
    cache: setting.hasHybridEngine ? cache : 0,
  };
  const generating = setting.hasHybridEngine ? 0 : cache;
  const [trained, answered] = [trainingBatch * length, generationBatch * length];
  return peak(stays, [
    { activations: generating, logits: logitsBytes(actor.model, generationBatch, 4), buffers: 0 },
    // Logits of actor and reference model and one log-softmax, all in half precision (ppo_trainer.py).
    { activations: 0, logits: logitsBytes(actor.model, answered, 3 * HALF), buffers: 0 },
    {
      activations: activationBytes(actor, trained, length),
      logits: logitsBytes(actor.model, trained, 3 * HALF),
      buffers: bufferBytes(actor),
    },
    { activations: activationBytes(critic, trained, length), logits: 0, buffers: bufferBytes(critic) },
    { activations: 0, logits: 0, buffers: stepBytes(actor, gpuCount) },
    { activations: 0, logits: 0, buffers: stepBytes(critic, gpuCount) },
  ]);
}

/**
 * Mixed-precision Adam by ZeRO stage (Rajbhandari et al. 2020, section 3 and figure 1): 2 bytes a weight and 2 a
 * gradient, 12 of optimizer (fp32 copy, momentum, variance). Stage 1 divides the optimizer by the GPUs, 2 also the
 * gradients, 3 also the weights. Offload takes the optimizer to main memory, and with stage 3 the weights.
 */
function engineBytes(training: Training, gpuCount: number): StayingBytes {
  const { model, zeroStage, isOffloaded, dtype, loraRank } = training;
  const total = parameterCount(model) + loraParameterCount(model, loraRank);
  const trained = trainedCount(training);
  const share = (stage: number) => (zeroStage >= stage ? 1 / gpuCount : 1);
  const isOptimizerAway = isOffloaded && zeroStage >= 1;
  const areWeightsAway = isOffloaded && zeroStage === 3;
  // Without ZeRO, bf16 gradients are added up in fp32 (DeepSpeed's bf16 optimizer).
  const perGradient = HALF + (dtype === "bf16" && zeroStage === 0 ? 4 : 0);
  return {
    weights: areWeightsAway ? 0 : HALF * total * share(3),
    gradients: isOptimizerAway && zeroStage >= 2 ? 0 : perGradient * trained * share(2),
    optimizer: isOptimizerAway ? 0 : 12 * trained * share(1),
  };
}

/** LoRA freezes the linear maps it stands beside; embeddings, norms and biases go on learning unless told otherwise. */
function trainedCount({ model, loraRank, isOnlyLora }: Training): number {
  const total = parameterCount(model);
  if (loraRank === 0) return total;
  const factors = loraParameterCount(model, loraRank);
  return isOnlyLora ? factors : total - model.layers * linearPerLayer(model) + factors;
}

/** Half-precision weights of a model that only answers. Divided, and offloaded, with ZeRO 3 only (rlhf_engine.py). */
function frozenBytes(
  { model, zeroStage }: Training,
  { gpuCount, isOffloaded }: { gpuCount: number; isOffloaded: boolean },
): number {
  if (zeroStage !== 3) return HALF * parameterCount(model);
  return isOffloaded ? 0 : (HALF * parameterCount(model)) / gpuCount;
}

/**
 * Activations kept for the backward pass, bytes (Korthikanti et al. 2022, section 4, equation 1): 34 bytes a token and
 * hidden unit a layer for a feed-forward block four times as wide, plus the attention matrix. transformers' attention
 * keeps the softmax in fp32 and its half-precision copy: 6 bytes an entry where the paper's has 5 with dropout. Fused
 * attention keeps the softmax's logarithm of a sum instead, 4 bytes a token and head (Dao et al. 2022, algorithm 1). Both
 * are what transformers 4.57 was seen to keep of OPT and Llama. With checkpointing only each layer's input stays, and one
 * layer is computed again at a time.
 */
function activationBytes(
  { model, hasCheckpointing, hasFusedAttention }: Training,
  tokens: number,
  sequence: number,
): number {
  const { hidden, inner, layers, heads, family } = model;
  const attention = 11 * hidden + (hasFusedAttention ? 4 * heads : 6 * heads * sequence);
  // Llama's gated block keeps gate, activation, value and their product; the others input and output of one map.
  const feedForward = family === "Llama" ? 2 * hidden + 8 * inner : 3 * hidden + 4 * inner;
  const layer = tokens * (attention + feedForward + 4 * hidden);
  return hasCheckpointing && layers > 1 ? tokens * HALF * hidden * layers + layer : layer * layers;
}

function logitsBytes({ vocabulary }: Model, tokens: number, bytesPerEntry: number): number {
  return tokens * vocabulary * bytesPerEntry;
}

/** Keys and values of every layer for a whole batch, half precision (Pope et al. 2022, section 3.3). */
function cacheBytes(model: Model, batch: number, length: number): number {
  const width = model.hidden * (model.keyValueHeads / model.heads);
  return 2 * model.layers * width * batch * length * HALF;
}

/** During the backward pass: a bucket of gradients, and with ZeRO 3 the weights that are gathered at the moment. */
function bufferBytes(training: Training): number {
  const { model, zeroStage } = training;
  if (zeroStage === 0) return 0;
  const bucket = HALF * Math.min(REDUCE_BUCKET, trainedCount(training));
  if (zeroStage < 3) return bucket;
  const gathered = LIVE_PARAMETERS + model.vocabulary * model.embedding;
  return bucket + HALF * Math.min(gathered, parameterCount(model));
}

/** At the optimizer's step: the gradients once more in fp32 (DeepSpeed's FP16_Optimizer and stage_1_and_2). */
function stepBytes(training: Training, gpuCount: number): number {
  const { zeroStage, isOffloaded, dtype } = training;
  if (isOffloaded && zeroStage >= 1) return 0;
  if (zeroStage === 0 && dtype === "bf16") return 0;
  return (4 * trainedCount(training)) / (zeroStage >= 1 ? gpuCount : 1);
}

interface StayingBytes {
  weights: number;
  gradients: number;
  optimizer: number;
  frozen?: number;
  ema?: number;
  cache?: number;
}
interface Moment {
  activations: number;
  logits: number;
  buffers: number;
}

/** What stays plus the moment that needs most. */
function peak(stays: StayingBytes, moments: readonly Moment[]): MemoryEstimate {
  const sizeOf = ({ activations, logits, buffers }: Moment) => activations + logits + buffers;
  const worst = moments.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
  const parts = {
    weights: stays.weights / GIB,
    gradients: stays.gradients / GIB,
    optimizer: stays.optimizer / GIB,
    frozen: (stays.frozen ?? 0) / GIB,
    ema: (stays.ema ?? 0) / GIB,
    cache: (stays.cache ?? 0) / GIB,
    activations: (WORKSPACE * worst.activations) / GIB,
    logits: (WORKSPACE * worst.logits) / GIB,
    buffers: (WORKSPACE * worst.buffers) / GIB,
    context: CONTEXT_GIB,
  };
  return { parts, totalGiB: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}
