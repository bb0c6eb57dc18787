import { z } from "zod";
import { RenderedCommand } from "../contracts/recipes";
import { type AttemptView, END_CAUSES } from "../contracts/runs";
import { STATUSES } from "../contracts/statuses";
import type { AttemptRow } from "./run-row";

/** What pages and programs see of an attempt. */
export function attemptView(row: AttemptRow, runId: string): AttemptView {
  return {
    id: row.id,
    stageId: row.stageId,
    evaluationId: row.evaluationId,
    runId,
    number: row.number,
    status: z.enum(STATUSES).parse(row.status),
    reason: row.reason,
    isSupervised: row.isSupervised,
    nodeId: row.placements[0]?.nodeId ?? "",
    gpuUuids: row.placements.flatMap((placement) => placement.gpuUuids),
    // null in the row until the launch has rendered it.
    command: RenderedCommand.nullable().parse(row.command),
    directory: row.directory,
    outputDirectory: row.outputDirectory,
    exitStatus: row.exitStatus,
    exitWhy: row.exitWhy,
    endCause: z.enum(END_CAUSES).nullable().parse(row.endCause),
    stepsDone: row.stepsDone,
    stepsTotal: row.stepsTotal,
    heartbeatAt: row.heartbeatAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
