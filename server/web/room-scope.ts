import type { ChangeBatch, FileHint, Room } from "../contracts/sockets";

/** What a room is about. null: everything. */
export interface RoomScope {
  nodeIds: string[] | null;
  runId: string | null;
  evaluationId: string | null;
  /** Rooms of pages without GPUs get no telemetry. */
  hasTelemetry: boolean;
}

export const YARD_SCOPE: RoomScope = { nodeIds: null, runId: null, evaluationId: null, hasTelemetry: true };

export function kindOf(room: Room): "yard" | "node" | "run" | "evaluation" {
  if (room === "yard") return "yard";
  if (room.startsWith("node:")) return "node";
  return room.startsWith("run:") ? "run" : "evaluation";
}

export function idOf(room: Room): string {
  return room.slice(room.indexOf(":") + 1);
}

/** The part of a batch that concerns the room; null: none of it. */
export function changesFor(scope: RoomScope, batch: ChangeBatch): ChangeBatch | null {
  if (scope.nodeIds === null) return isEmpty(batch) ? null : batch;
  const nodes = batch.nodes.filter((id) => scope.nodeIds?.includes(id));
  if (scope.runId === null) return nodes.length === 0 ? null : { ...batch, nodes };
  if (!isAboutRun(scope, batch))
    return nodes.length === 0 ? null : { nodes, runs: [], attempts: [], evaluations: [] };
  return { ...batch, nodes, runs: batch.runs.filter((id) => id === scope.runId) };
}

function isAboutRun(scope: RoomScope, batch: ChangeBatch): boolean {
  if (scope.runId !== null && batch.runs.includes(scope.runId)) return true;
  return scope.evaluationId !== null && batch.evaluations.includes(scope.evaluationId);
}

function isEmpty({ nodes, runs, attempts, evaluations }: ChangeBatch): boolean {
  return nodes.length + runs.length + attempts.length + evaluations.length === 0;
}

/** Hints go to the rooms of their run and of its evaluations; the yard reads no files. */
export function hintsFor(scope: RoomScope, hints: readonly FileHint[]): FileHint[] {
  return scope.runId === null ? [] : hints.filter((hint) => hint.runId === scope.runId);
}

export function wantsTicksOf(scope: RoomScope, nodeId: string): boolean {
  return scope.hasTelemetry && (scope.nodeIds === null || scope.nodeIds.includes(nodeId));
}
