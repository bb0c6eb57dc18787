/** What a log says about how a training ended. Cumulative over the file; plain JSON. */
export interface LogEvidence {
  /** The first line that says so: PyTorch's allocator (also torch.OutOfMemoryError, AMD's HIP), CUDA itself, or NCCL. */
  cudaOutOfMemory: string | null;
  /** DeepSpeed's launcher: "… exits with return code = N". */
  exitsWithReturnCode: number | null;
  /** The last Python traceback with its exception line, at most 4,000 characters. */
  lastTraceback: string | null;
  killedSubprocess: boolean;
}

export interface EvidenceState {
  evidence: LogEvidence;
  /** Lines of a traceback whose exception line has not come yet. */
  openTraceback: string[] | null;
}

const MARK =
  /(?:CUDA|HIP) out of memory|CUDA error: out of memory|OutOfMemoryError|Cuda failure 2 'out of memory'|exits with return code = (-?\d+)|Killing subprocess|Traceback \(most recent call last\)/g;
const TRACEBACK_LINES = 120;
const TRACEBACK_CHARACTERS = 4000;
const LINE_CHARACTERS = 500;
const RANK_PREFIX = /^\[rank\d+\]: ?/;

export function initialEvidence(): EvidenceState {
  return {
    evidence: {
      cudaOutOfMemory: null,
      exitsWithReturnCode: null,
      lastTraceback: null,
      killedSubprocess: false,
    },
    openTraceback: null,
  };
}

/** Latin-1 text of the log to what a JSON column may hold: UTF-8, no NUL. */
function clean(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8").replaceAll("\u0000", "");
}

/** Reads complete lines (Latin-1, so that a character is a byte) and returns the state after them. */
export function readEvidence(before: EvidenceState, text: string): EvidenceState {
  const state: EvidenceState = { evidence: { ...before.evidence }, openTraceback: before.openTraceback };
  if (state.openTraceback !== null) collectTraceback(state, text, 0);
  MARK.lastIndex = 0;
  for (let match = MARK.exec(text); match !== null; match = MARK.exec(text)) readMark(state, text, match);
  return state;
}

function readMark(state: EvidenceState, text: string, match: RegExpExecArray): void {
  const { evidence } = state;
  if (match[0] === "Killing subprocess") evidence.killedSubprocess = true;
  else if (match[1] !== undefined) evidence.exitsWithReturnCode ??= Number(match[1]);
  else if (match[0].startsWith("Traceback")) {
    state.openTraceback = [];
    collectTraceback(state, text, lineStart(text, match.index));
  } else evidence.cudaOutOfMemory ??= clean(lineAt(text, match.index));
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function lineAt(text: string, at: number): string {
  const start = lineStart(text, at);
  const end = text.indexOf("\n", start);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + LINE_CHARACTERS)).trim();
}

/** Takes lines until one that is neither indented nor empty: the exception's own. */
function collectTraceback(state: EvidenceState, text: string, from: number): void {
  const lines = [...(state.openTraceback ?? [])];
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, Math.min(end, at + LINE_CHARACTERS)).replace(RANK_PREFIX, "");
    at = end + 1;
    const isFirst = lines.length === 0;
    lines.push(clean(line).trimEnd());
    const isEnd = !isFirst && line.trim() !== "" && !/^\s/.test(line);
    if (!isEnd && lines.length < TRACEBACK_LINES) continue;
    // Half of a character beyond U+FFFF is no text that a JSON column may hold.
    state.evidence.lastTraceback = lines
      .join("\n")
      .slice(-TRACEBACK_CHARACTERS)
      .replace(/^[\udc00-\udfff]/, "");
    state.openTraceback = null;
    return;
  }
  state.openTraceback = lines;
}
