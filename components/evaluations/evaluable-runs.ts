import type { RunSummary } from "@/server/contracts/runs";

/** Runs that have something to compare, the given one in any case. */
export function evaluableRuns(runs: readonly RunSummary[], chosenId: string | null): RunSummary[] {
  return runs.filter(
    ({ id, stages }) => id === chosenId || stages.some(({ status }) => status === "succeeded"),
  );
}

/** "Practice RLHF (sft, reward, ppo)" */
export function runOption({ id, name, stages }: RunSummary): { value: string; label: string } {
  const done = stages.filter(({ status }) => status === "succeeded").map(({ kind }) => kind);
  return { value: id, label: `${name} (${done.length === 0 ? "nothing has succeeded" : done.join(", ")})` };
}
