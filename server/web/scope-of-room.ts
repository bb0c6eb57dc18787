import type { Room } from "../contracts/sockets";
import type { Database } from "../db";
import { AppError } from "../errors";
import { idOf, kindOf, type RoomScope, YARD_SCOPE } from "./room-scope";

/** @throws AppError NOT_FOUND when the room's node, run or evaluation does not exist */
export async function scopeOfRoom(db: Database, room: Room): Promise<RoomScope> {
  const id = idOf(room);
  switch (kindOf(room)) {
    case "yard":
      return YARD_SCOPE;
    case "node":
      await found(db.prisma.node.findFirst({ where: { id, removedAt: null }, select: { id: true } }), "node");
      return { nodeIds: [id], runId: null, evaluationId: null, hasTelemetry: true };
    case "run": {
      const run = await found(db.prisma.run.findUnique({ where: { id }, select: { nodeId: true } }), "run");
      return { nodeIds: [run.nodeId], runId: id, evaluationId: null, hasTelemetry: true };
    }
    case "evaluation": {
      const select = { runId: true, run: { select: { nodeId: true } } };
      const evaluation = await found(
        db.prisma.evaluation.findUnique({ where: { id }, select }),
        "evaluation",
      );
      return {
        nodeIds: [evaluation.run.nodeId],
        runId: evaluation.runId,
        evaluationId: id,
        hasTelemetry: false,
      };
    }
  }
}

async function found<T>(row: Promise<T | null>, what: string): Promise<T> {
  const value = await row;
  if (value === null) throw new AppError("NOT_FOUND", `There is no such ${what}.`);
  return value;
}
