import type { FindingSource } from "./finding-source";
import type { NodeLook } from "./use-node-checks";

/** What the node itself says. One that cannot be asked stands against nothing: its run waits in the queue. */
export function nodeSource(
  nodeName: string,
  { data, error, isCurrent, isLooking, retry }: NodeLook,
): FindingSource {
  const said = error?.message ?? (isCurrent ? (data?.failure ?? null) : null);
  // One that failed is shown to be asked again; one that answered keeps its answer meanwhile.
  const failure = isLooking ? null : said;
  const isDone = isCurrent && said === null;
  return {
    id: "node",
    label: nodeName,
    covers: "disk, models, data, GPUs in use and ports, on the node itself",
    state: failure !== null ? "failed" : isDone ? "done" : isLooking ? "looking" : "waiting",
    reason:
      failure && `${failure} A run may be started all the same: it waits until the node can be reached.`,
    findings: data?.findings ?? [],
    evidence: data?.checked ?? [],
    onRetry: retry,
  };
}
