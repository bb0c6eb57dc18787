import type { Preset } from "@/server/contracts/recipes";
import { STAGE_KINDS } from "@/server/contracts/statuses";

const DEPLOYMENT_LABEL: Readonly<Record<string, string>> = {
  practice: "Practice",
  single_gpu: "One GPU",
  single_node: "One node",
  multi_node: "Several nodes",
};

/** Deployments that there are presets for, from small to large. */
export function deploymentsOf(presets: readonly Preset[]): { value: string; label: string }[] {
  const present = new Set(presets.map(({ deployment }) => deployment));
  const known = Object.keys(DEPLOYMENT_LABEL).filter((deployment) => present.has(deployment));
  const others = [...present].filter((deployment) => !(deployment in DEPLOYMENT_LABEL));
  return [...known, ...others].map((value) => ({ value, label: DEPLOYMENT_LABEL[value] ?? value }));
}

/** By model size, small ones first; equal sizes keep the recipe's order. */
export function presetsFor(presets: readonly Preset[], deployment: string): Preset[] {
  return presets
    .filter((preset) => deployment === "all" || preset.deployment === deployment)
    .toSorted((a, b) => billions(a.modelSize) - billions(b.modelSize));
}

/** "6.7B" → 6.7; what is no size comes first. */
function billions(modelSize: string): number {
  return Number.parseFloat(modelSize) || 0;
}

/** "8 GPUs", or "1 / 1 / 2 GPUs" when the stages differ. */
export function gpuNeed({ stages }: Preset): { most: number; text: string } {
  const counts = STAGE_KINDS.map((kind) => stages[kind].gpuCount);
  const most = Math.max(...counts);
  const isSame = counts.every((count) => count === most);
  const text = isSame ? String(most) : counts.join(" / ");
  return { most, text: `${text} ${most === 1 ? "GPU" : "GPUs"}` };
}
