import { formatCount, MISSING } from "@/components/format/format-number";
import type { GenerationSettings } from "@/server/contracts/evaluations";

/** "greedy, 100 new tokens", "temperature 0.7, top p 0.9, seed 1234, 100 new tokens"; what has no effect is left out. */
export function describeSettings(settings: GenerationSettings): string {
  const { temperature, topP, topK, repetitionPenalty, seed, maxNewTokens } = settings;
  const parts = temperature === 0 ? ["greedy"] : [`temperature ${shown(temperature)}`];
  if (temperature > 0) {
    if (topP < 1) parts.push(`top p ${topP}`);
    if (topK > 0) parts.push(`top k ${topK}`);
  }
  if (repetitionPenalty !== 1) parts.push(`repetition penalty ${shown(repetitionPenalty)}`);
  if (temperature > 0) parts.push(`seed ${shown(seed)}`);
  return [...parts, `${formatCount(maxNewTokens)} new tokens`].join(", ");
}

/** A field that is being typed may hold no number. */
function shown(value: number): string {
  return Number.isNaN(value) ? MISSING : String(value);
}
