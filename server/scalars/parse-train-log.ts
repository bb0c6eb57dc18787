import type { CanonicalTag } from "./canonical-tags";
import { readEvidence } from "./log-evidence";
import { LOG_RULES, type LogRule } from "./log-rules";
import { initialTrainLogState, type TrainLogState } from "./train-log-state";

export interface LogScalar {
  tag: CanonicalTag;
  /** What the line calls it. */
  sourceTag: string;
  step: number;
  value: number;
  /** Byte offset in the file of the text that holds it. */
  offset: number;
}

/** A longer line is read up to here; its other bytes are stored with the log, not parsed. */
const LONGEST_LINE = 16_384;
const NEWLINE = 10;

const rulesByAnchor = new Map<string, LogRule[]>();
for (const rule of LOG_RULES)
  rulesByAnchor.set(rule.anchor, [...(rulesByAnchor.get(rule.anchor) ?? []), rule]);
// Longest first, so that an anchor that begins with another is tried before it.
const ANCHORS = new RegExp(
  [...rulesByAnchor.keys()]
    .sort((a, b) => b.length - a.length)
    .map((anchor) => anchor.replace(/[|.\\]/g, "\\$&"))
    .join("|"),
  "g",
);

/**
 * Reads the next bytes of a training log: both dialects of DeepSpeed-Chat and DeepSpeed's own lines. Pure and
 * incremental: pass the state of the call before and the offset of `bytes` in the file; an unfinished last line waits
 * in the state. Steps are optimizer steps from 1 (PPO: batches from 1) over all epochs; an evaluation before the
 * training has step 0. Several records on one line (ranks that print at once) are all read.
 */
export function parseTrainLog(
  before: TrainLogState | null,
  chunk: { bytes: Uint8Array; offset: number },
): { state: TrainLogState; scalars: LogScalar[] } {
  const state = structuredClone(before ?? initialTrainLogState());
  const scalars: LogScalar[] = [];
  const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
  const linesEnd = bytes.lastIndexOf(NEWLINE) + 1;
  if (linesEnd === 0) {
    carry(state, bytes);
    return { state, scalars };
  }
  let start = 0;
  if (state.carryLength > 0) {
    start = bytes.indexOf(NEWLINE) + 1;
    const rest = bytes.toString("latin1", 0, Math.min(start - 1, LONGEST_LINE));
    const line = `${Buffer.from(state.carry, "base64").toString("latin1")}${rest}\n`;
    readLines(state, line, chunk.offset - state.carryLength, scalars);
  }
  readLines(state, bytes.toString("latin1", start, linesEnd), chunk.offset + start, scalars);
  state.carry = "";
  state.carryLength = 0;
  carry(state, bytes.subarray(linesEnd));
  return { state, scalars };
}

function carry(state: TrainLogState, bytes: Buffer): void {
  if (bytes.length === 0) return;
  const room = LONGEST_LINE - Math.min(LONGEST_LINE, state.carryLength);
  if (room > 0) {
    const kept = Buffer.from(state.carry, "base64");
    state.carry = Buffer.concat([kept, bytes.subarray(0, room)]).toString("base64");
  }
  state.carryLength += bytes.length;
}

/** Latin-1 text: a character is a byte, so positions are offsets. */
function readLines(state: TrainLogState, text: string, offset: number, scalars: LogScalar[]): void {
  ANCHORS.lastIndex = 0;
  for (let found = ANCHORS.exec(text); found !== null; found = ANCHORS.exec(text)) {
    for (const rule of rulesByAnchor.get(found[0]) ?? []) {
      rule.pattern.lastIndex = found.index;
      const match = rule.pattern.exec(text);
      if (match === null) continue;
      const at = offset + found.index;
      rule.apply(state, match, (tag, sourceTag, step, value) =>
        scalars.push({ tag, sourceTag, step, value, offset: at }),
      );
      ANCHORS.lastIndex = rule.pattern.lastIndex;
      break;
    }
  }
  state.evidence = readEvidence(state.evidence, text);
}
