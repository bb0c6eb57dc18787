import type { StageKind } from "../contracts/statuses";
import { type Model, parameterCount } from "../recipes/deepspeed-chat/models";
import type { Hardware } from "./hardware";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Of the published runs of step 3: queries, and tokens of each with its answer (256 + 256). */
const PUBLISHED_QUERIES = 131_900;
const PUBLISHED_LENGTH = 512;
/**
 * Share of the peak that DeepSpeed-Chat's first two steps reach. From its training logs (OPT-1.3B: 172 samples/s on 16
 * GPUs; OPT-350M as reward model: 218 pairs/s), taken against an A100.
 */
const EFFICIENCY = { sft: 0.14, reward: 0.09 } as const;

interface Published {
  gpu: string;
  gpuCount: number;
  /** Billions of parameters of the actor, seconds of step 3. */
  points: readonly (readonly [number, number])[];
}

/** DeepSpeed-Chat's README, table 1: step 3 from end to end beside an OPT-350M reward model, one epoch. */
export const PUBLISHED_PPO: readonly Published[] = [
  { gpu: "V100 32G", gpuCount: 1, points: [[1.3, 1.8 * DAY]] },
  {
    gpu: "A6000 48G",
    gpuCount: 1,
    points: [
      [1.3, 1.1 * DAY],
      [6.7, 5.6 * DAY],
    ],
  },
  {
    gpu: "A100 40G",
    gpuCount: 1,
    points: [
      [1.3, 15.4 * HOUR],
      [6.7, 3.4 * DAY],
    ],
  },
  {
    gpu: "A100 80G",
    gpuCount: 1,
    points: [
      [1.3, 11.7 * HOUR],
      [6.7, 1.7 * DAY],
      [13, 4.9 * DAY],
    ],
  },
  {
    gpu: "A100 40G",
    gpuCount: 8,
    points: [
      [1.3, 2 * HOUR],
      [6.7, 5.7 * HOUR],
      [13, 10.8 * HOUR],
      [30, 1.85 * DAY],
    ],
  },
  {
    gpu: "A100 80G",
    gpuCount: 8,
    points: [
      [1.3, 1.4 * HOUR],
      [6.7, 4.1 * HOUR],
      [13, 9 * HOUR],
      [30, 18 * HOUR],
      [66, 2.1 * DAY],
    ],
  },
  {
    gpu: "A100 80G",
    gpuCount: 64,
    points: [
      [1.3, 31 * 60],
      [6.7, 51 * 60],
      [13, 1.25 * HOUR],
      [30, 4 * HOUR],
      [66, 7.5 * HOUR],
      [175, 20 * HOUR],
    ],
  },
];

/** How much a stage has to do. */
export interface Work {
  /** Prompts, pairs or queries of one pass over the data. */
  samples: number;
  epochs: number;
  /** Tokens of each, prompt and answer together; of one of a pair's two texts. */
  length: number;
}

/** The published setting of step 3, for planning without a data set. */
export const PUBLISHED_WORK: Work = { samples: PUBLISHED_QUERIES, epochs: 1, length: PUBLISHED_LENGTH };

export interface TimeInput {
  stage: StageKind;
  model: Model;
  hasCheckpointing: boolean;
  hardware: Hardware;
  gpuCount: number;
  work: Work;
}

/** Seconds of a stage from published figures alone, before anything has run here. */
export function publishedSeconds(input: TimeInput): number {
  return input.stage === "ppo" ? ppoSeconds(input) : trainingSeconds(input, input.stage);
}

/**
 * Published seconds of the same kind of GPU at the nearest count, between two published models by straight line on
 * logarithmic axes, beyond them in proportion to the parameters. GPU-hours stay the same for another count; another
 * kind of GPU counts by its peak against the A100. Time goes with queries and their length.
 */
function ppoSeconds({ model, hardware, gpuCount, work }: TimeInput): number {
  const ofKind = PUBLISHED_PPO.filter(({ gpu }) => gpu === hardware.name);
  const rows = ofKind.length > 0 ? ofKind : PUBLISHED_PPO.filter(({ gpu }) => gpu === "A100 80G");
  const distance = (row: Published) => Math.abs(Math.log(row.gpuCount / gpuCount));
  const row = rows.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  const speed = ofKind.length > 0 ? 1 : hardware.teraflops / 312;
  const seconds = atSize(row.points, parameterCount(model) / 1e9) * (row.gpuCount / gpuCount);
  const amount = (work.samples * work.epochs * work.length) / (PUBLISHED_QUERIES * PUBLISHED_LENGTH);
  return (seconds / speed) * amount;
}

/** Forward and backward cost 6 operations a parameter and token, 8 with checkpointing (Narayanan et al. 2021, 5.1). */
function trainingSeconds(
  { model, hasCheckpointing, hardware, gpuCount, work }: TimeInput,
  stage: "sft" | "reward",
): number {
  const texts = work.samples * work.epochs * (stage === "reward" ? 2 : 1);
  const operations = (hasCheckpointing ? 8 : 6) * parameterCount(model) * texts * work.length;
  return operations / (gpuCount * hardware.teraflops * 1e12 * EFFICIENCY[stage]);
}

function atSize(points: Published["points"], billions: number): number {
  const above = points.find(([size]) => size >= billions);
  const below = points.findLast(([size]) => size <= billions);
  const only = above ?? below;
  if (only === undefined) return Number.NaN;
  if (!above || !below || above === below) return only[1] * (billions / only[0]);
  const share = Math.log(billions / below[0]) / Math.log(above[0] / below[0]);
  return below[1] * (above[1] / below[1]) ** share;
}

/** Money for so many GPUs over so many seconds, in the currency of the price. */
export function costOf(seconds: number, gpuCount: number, pricePerGpuHour: number): number {
  return (seconds / HOUR) * gpuCount * pricePerGpuHour;
}
