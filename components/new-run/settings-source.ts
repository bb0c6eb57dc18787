import type { FindingSource } from "./finding-source";
import type { Preview } from "./use-preview";

/** The rules of the recipe, asked of the server at every keystroke. A refused field is an answer, no failure to look. */
export function settingsSource({ data, error, isCurrent, retry }: Preview): FindingSource {
  const hasFailed = error !== null && error.code !== "VALIDATION";
  return {
    id: "settings",
    label: "Settings",
    covers: "values, batches, memory, GPUs, models and data, by the rules of DeepSpeed-Chat",
    state: hasFailed ? "failed" : isCurrent ? "done" : "looking",
    reason: hasFailed ? error.message : null,
    findings: data?.findings ?? [],
    onRetry: retry,
  };
}
