import type { LogEvidence } from "../scalars";
import type { FileCursor } from "./file-cursor";
import { planLogAppend } from "./plan-log-append";

/** What a log said up to its cursor, also when it is complete and takes no bytes any more. */
export async function evidenceOf(cursor: FileCursor): Promise<LogEvidence> {
  const nothing = { bytes: Buffer.alloc(0), size: cursor.size, isComplete: false, observedAt: new Date(0) };
  return (await planLogAppend(cursor, nothing)).evidence;
}
