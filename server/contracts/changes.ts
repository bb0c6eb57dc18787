import type { ChangeBatch } from "./sockets";

/** A row that changed, with what it belongs to. */
export type Change =
  | { kind: "node"; nodeId: string }
  | { kind: "run"; runId: string; nodeId: string }
  | { kind: "attempt"; attemptId: string; runId: string; nodeId: string }
  | { kind: "evaluation"; evaluationId: string; runId: string; nodeId: string };

/** A change names what it belongs to as well: an attempt's batch holds its run and its node, so that rooms can filter. */
export function batchOfChanges(changes: readonly Change[]): ChangeBatch {
  const sets = {
    nodes: new Set<string>(),
    runs: new Set<string>(),
    attempts: new Set<string>(),
    evaluations: new Set<string>(),
  };
  for (const change of changes) {
    sets.nodes.add(change.nodeId);
    if ("runId" in change) sets.runs.add(change.runId);
    if (change.kind === "attempt") sets.attempts.add(change.attemptId);
    if (change.kind === "evaluation") sets.evaluations.add(change.evaluationId);
  }
  return {
    nodes: [...sets.nodes],
    runs: [...sets.runs],
    attempts: [...sets.attempts],
    evaluations: [...sets.evaluations],
  };
}

export function mergeBatches(a: ChangeBatch, b: ChangeBatch): ChangeBatch {
  const union = (x: string[], y: string[]) => [...new Set([...x, ...y])];
  return {
    nodes: union(a.nodes, b.nodes),
    runs: union(a.runs, b.runs),
    attempts: union(a.attempts, b.attempts),
    evaluations: union(a.evaluations, b.evaluations),
  };
}
