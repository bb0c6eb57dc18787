import { mergeBatches } from "../contracts/changes";
import type { ChangeBatch, FileHint } from "../contracts/sockets";

/** What a slow client has not been told, merged: its size is bounded by how much there is, not by how long it sleeps. */
export interface Missed {
  changes: ChangeBatch | null;
  hints: Map<string, FileHint>;
}

export function nothingMissed(): Missed {
  return { changes: null, hints: new Map() };
}

export function missChanges(missed: Missed, batch: ChangeBatch): void {
  missed.changes = missed.changes === null ? batch : mergeBatches(missed.changes, batch);
}

/** Of several hints about one file the newest holds; the numbers of new scalars add up. Who is behind asks for bytes. */
export function missHints(missed: Missed, hints: readonly FileHint[]): void {
  for (const hint of hints) {
    const before = missed.hints.get(hint.fileId);
    const scalarCount = hint.scalarCount + (before?.scalarCount ?? 0);
    missed.hints.set(hint.fileId, { ...hint, scalarCount, tail: null });
  }
}
