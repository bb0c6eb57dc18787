import { z } from "zod";

/** What an attempt directory says. The order of truth is the script's: `job.sh`, state_of. */
export const PROBED_STATES = [
  /** No directory and no process of the attempt. */
  "absent",
  /** Directory without `id`: claimed, the supervisor has not begun. */
  "claimed",
  "running",
  /** The supervisor is dead, a member of the attempt is not. */
  "unsupervised",
  /** The node or its container was started again since. */
  "rebooted",
  /** Nothing alive and no `exit`: to be fenced. */
  "gone",
  "exit",
] as const;
export type ProbedState = (typeof PROBED_STATES)[number];

export interface ProbedExit {
  /** null: nobody knows (fenced, or the file is damaged). */
  status: number | null;
  /** exit, cancel, lost, interrupted, never-launched */
  why: string;
  oomKills: number;
  /** Processes that survived KILL. */
  leakedPids: number[];
  /** Ranks that still ran when their launcher had ended. */
  orphanedRanks: number;
}

export interface AttemptProbe {
  attemptId: string;
  state: ProbedState;
  exit: ProbedExit | null;
  /** Age by the node's own uptime: its wall clock plays no part. */
  heartbeat: { sequence: number; ageSeconds: number; diskFreeKiB: number | null } | null;
  cancel: { who: string; graceSeconds: number } | null;
}

export interface ProbedFile {
  path: string;
  /** device:inode */
  identity: string;
  size: number;
}

export interface NodeProbe {
  /** false: the work directory's mark is missing (disk not mounted), so nothing follows about any attempt. */
  isMounted: boolean;
  attempts: Map<string, AttemptProbe>;
  files: ProbedFile[];
}

const Count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Seconds = z.coerce.number().min(0);
const NodeLine = z.object({ up: Seconds });
// The training runs as the same user and may rewrite these files: each field falls back on its own.
const ExitLine = z.object({
  rc: z.coerce.number().int().min(0).max(255).nullable().catch(null),
  why: z.string().max(40).catch("damaged"),
  oom: Count.catch(0),
  leak: z.string().catch(""),
  ranks: Count.catch(0),
});
const HeartbeatLine = z.object({ n: Count, up: Seconds, kb: Count.nullable().catch(null) });
const CancelLine = z.object({ who: z.string().catch("unknown"), grace: Count.catch(60) });
const FILE_LINE = /^file (\d+:\d+) (\d+) (\/.*)$/;

/**
 * Output of `job.sh probe`. A line that makes no sense costs itself only.
 * null: the output is not whole, so it says nothing.
 */
export function parseProbe(text: string): NodeProbe | null {
  const lines = text.split("\n");
  const node = NodeLine.safeParse(pairs(lines[0]?.startsWith("node ") ? lines[0] : ""));
  if (!node.success) return null;
  const probe: NodeProbe = { isMounted: true, attempts: new Map(), files: [] };
  let current: AttemptProbe | null = null;
  for (const line of lines.slice(1)) {
    if (line === "end") return probe;
    if (line === "unmounted") return { ...probe, isMounted: false };
    const started = startAttempt(line);
    if (started !== null) {
      current = started;
      probe.attempts.set(started.attemptId, started);
    } else if (line.startsWith("file ")) {
      const file = parseFile(line);
      if (file !== null) probe.files.push(file);
    } else if (current !== null) {
      addFact(current, line, node.data.up);
    }
  }
  return null;
}

function startAttempt(line: string): AttemptProbe | null {
  const [word, attemptId, state] = line.split(" ");
  const parsed = z.enum(PROBED_STATES).safeParse(state);
  if (word !== "attempt" || !attemptId || !parsed.success) return null;
  return { attemptId, state: parsed.data, exit: null, heartbeat: null, cancel: null };
}

function addFact(attempt: AttemptProbe, line: string, nodeUptime: number): void {
  const name = line.slice(0, line.indexOf(" "));
  if (name === "exit") attempt.exit = parseExit(pairs(line));
  if (name === "cancel") {
    const { who, grace } = CancelLine.parse(pairs(line));
    attempt.cancel = { who, graceSeconds: grace };
  }
  if (name === "hb") {
    const beat = HeartbeatLine.safeParse(pairs(line));
    if (!beat.success) return;
    const { n, up, kb } = beat.data;
    attempt.heartbeat = { sequence: n, ageSeconds: Math.max(0, nodeUptime - up), diskFreeKiB: kb };
  }
}

function parseExit(values: Record<string, string>): ProbedExit {
  // "" would be coerced to 0, and 0 means success.
  const line = ExitLine.parse({
    ...values,
    rc: values.rc === undefined || values.rc === "" ? null : values.rc,
  });
  const leakedPids = line.leak
    .split(",")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
  const { rc: status, why, oom: oomKills, ranks: orphanedRanks } = line;
  return { status, why, oomKills, leakedPids, orphanedRanks };
}

function parseFile(line: string): ProbedFile | null {
  const match = FILE_LINE.exec(line);
  if (match === null) return null;
  const [, identity = "", size = "", path = ""] = match;
  return { identity, size: Number(size), path };
}

/** "word k=v k=v" as a record; the last of a doubled key counts. */
function pairs(line: string): Record<string, string> {
  const entries = line.split(" ").flatMap((word) => {
    const at = word.indexOf("=");
    return at > 0 ? [[word.slice(0, at), word.slice(at + 1)]] : [];
  });
  return Object.fromEntries(entries);
}
