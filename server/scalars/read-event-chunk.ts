import { setImmediate as nextTurn } from "node:timers/promises";
import { canonicalEventTag, type EventTag } from "./canonical-tags";
import { EventFileReader, type EventReaderState } from "./event-file-reader";
import { type EventStepsState, initialEventSteps, learnSamplesPerStep, monotonicStep } from "./event-steps";
import type { ScalarGroup } from "./insert-scalars";
import type { ScalarBlock, ScalarColumns } from "./scalar-columns";

/** What is kept between two chunks of one event file. Plain JSON. */
export interface EventChunkState {
  reader: EventReaderState;
  steps: EventStepsState;
}

/** Parsed at 300 MB/s and more, so that one slice holds the event loop for a few milliseconds. */
const SLICE_BYTES = 2_097_152;
const BLOCKS_PER_TURN = 8;

/**
 * Reads one chunk of an event file, which starts where the state ends. Returns canonical tags with monotonic steps;
 * the offset moves to the last record boundary, and the bytes after it come again with the next chunk. Gives the event
 * loop back between slices.
 */
export async function readEventChunk(
  before: EventChunkState | null,
  chunk: { bytes: Uint8Array; offset: number; path: string },
): Promise<{ state: EventChunkState; groups: ScalarGroup[] }> {
  const initial = { offset: chunk.offset, corruptRecords: 0, skip: 0, isResyncing: false };
  const reader = new EventFileReader({ ...(before?.reader ?? initial), offset: chunk.offset });
  for (let at = 0; at < chunk.bytes.length; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    reader.push(chunk.bytes.subarray(at, at + SLICE_BYTES));
  }
  const steps = structuredClone(before?.steps ?? initialEventSteps());
  const tags = reader.tags.map((columns) => ({ columns, event: canonicalEventTag(columns.tag, chunk.path) }));
  for (const { columns, event } of tags) learn(steps, columns, event);
  const groups: ScalarGroup[] = [];
  for (const { columns, event } of tags) {
    for (const block of columns.filled()) {
      groups.push(groupOf(block, { columns, event, steps }));
      if (groups.length % BLOCKS_PER_TURN === 0) await nextTurn();
    }
  }
  return { state: { reader: reader.state(), steps }, groups };
}

function learn(state: EventStepsState, columns: ScalarColumns, event: EventTag): void {
  if (event.stepKind !== "samples" && event.stepKind !== "samplesBefore") return;
  for (const block of columns.filled()) {
    for (let i = 0; i < block.length && state.samplesPerStep === null; i += 1) {
      learnSamplesPerStep(state, block.steps[i] ?? 0);
    }
  }
}

function groupOf(
  block: ScalarBlock,
  from: { columns: ScalarColumns; event: EventTag; steps: EventStepsState },
): ScalarGroup {
  const { tag, stepKind } = from.event;
  const steps = new Float64Array(block.length);
  for (let i = 0; i < block.length; i += 1) {
    steps[i] = monotonicStep(from.steps, stepKind, from.columns.tag, block.steps[i] ?? 0);
  }
  return {
    tag,
    sourceTag: from.columns.tag,
    length: block.length,
    steps,
    values: block.values,
    wallTimes: block.wallTimes,
    offsets: block.offsets,
  };
}
