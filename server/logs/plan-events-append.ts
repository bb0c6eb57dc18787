import { z } from "zod";
import { type EventChunkState, initialEvidence, insertScalars, readEventChunk } from "../scalars";
import type { AppendInput, AppendPlan } from "./append-plan";
import type { FileCursor } from "./file-cursor";
import { eventProgress } from "./merge-progress";

const STATE_VERSION = 1;
const Stored = z.object({ version: z.literal(STATE_VERSION), events: z.unknown() });

function stateOf(parserState: unknown): EventChunkState | null {
  const stored = Stored.safeParse(parserState);
  // Safe because this version is written below, by this module alone.
  return stored.success ? (stored.data.events as EventChunkState) : null;
}

export async function planEventsAppend(cursor: FileCursor, { bytes }: AppendInput): Promise<AppendPlan> {
  const chunk = { bytes, offset: cursor.offset, path: cursor.path };
  const { state, groups } = await readEventChunk(stateOf(cursor.parserState), chunk);
  return {
    offset: state.reader.offset,
    corruptRecords: state.reader.corruptRecords,
    parserState: { version: STATE_VERSION, events: state } satisfies z.infer<typeof Stored>,
    evidence: initialEvidence().evidence,
    write: async (client) => {
      const target = { attemptId: cursor.attemptId, fileId: cursor.fileId, source: "events" as const };
      const scalarCount = await insertScalars(client, target, groups);
      return { scalarCount, progress: eventProgress(cursor.path, groups), answersChanged: false };
    },
  };
}
