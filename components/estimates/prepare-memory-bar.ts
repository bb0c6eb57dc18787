import type { MemoryEstimate, MemoryPart, StageEstimate } from "@/server/contracts/estimates";

export interface Segment {
  label: string;
  gib: number;
  /** Of the bar's length, 0 to 1. */
  share: number;
  color: string;
}
export interface MemoryBar {
  /** "2 × NVIDIA A30" */
  gpus: string;
  capacityGiB: number;
  totalGiB: number;
  isFitting: boolean;
  segments: Segment[];
  /** Where the GPU's memory ends, 0 to 1; beyond it lies what does not fit. */
  capacityShare: number;
}

const GROUPS: readonly { label: string; parts: readonly MemoryPart[]; color: string }[] = [
  { label: "weights", parts: ["weights"], color: "var(--series-0)" },
  { label: "gradients", parts: ["gradients"], color: "var(--series-1)" },
  { label: "optimizer", parts: ["optimizer"], color: "var(--series-2)" },
  { label: "other models, EMA", parts: ["frozen", "ema"], color: "var(--series-3)" },
  { label: "activations, logits, cache", parts: ["activations", "logits", "cache"], color: "var(--control)" },
  { label: "buffers, CUDA", parts: ["buffers", "context"], color: "var(--faint)" },
];

export const PART_LABEL = {
  weights: "weights that train",
  gradients: "gradients",
  optimizer: "optimizer",
  frozen: "reference and reward model",
  ema: "moving average (EMA)",
  cache: "key-value cache",
  activations: "activations",
  logits: "logits",
  buffers: "buffers",
  context: "CUDA context",
} as const satisfies Record<MemoryPart, string>;

/** One bar for each size of GPU among those chosen. Pure. */
export function prepareMemoryBars(memory: MemoryEstimate, gpus: StageEstimate["gpus"]): MemoryBar[] {
  const kinds = new Map<string, { name: string; mebibytes: number; count: number }>();
  for (const { name, memoryTotalMiB } of gpus) {
    if (memoryTotalMiB === null) continue;
    const key = `${name} ${memoryTotalMiB}`;
    const kind = kinds.get(key) ?? { name, mebibytes: memoryTotalMiB, count: 0 };
    kinds.set(key, { ...kind, count: kind.count + 1 });
  }
  return [...kinds.values()].map(({ name, mebibytes, count }) => {
    const capacityGiB = mebibytes / 1024;
    const length = Math.max(capacityGiB, memory.totalGiB);
    return {
      gpus: count === 1 ? name : `${count} × ${name}`,
      capacityGiB,
      totalGiB: memory.totalGiB,
      isFitting: memory.totalGiB <= capacityGiB,
      segments: segmentsOf(memory, length),
      capacityShare: capacityGiB / length,
    };
  });
}

function segmentsOf(memory: MemoryEstimate, length: number): Segment[] {
  return GROUPS.map(({ label, parts, color }) => {
    const gib = parts.reduce((sum, part) => sum + (memory.parts[part] ?? 0), 0);
    return { label, gib, share: gib / length, color };
  }).filter(({ gib }) => gib > 0);
}
