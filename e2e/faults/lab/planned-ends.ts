import { readFileSync } from "node:fs";
import { join } from "node:path";
import { killIfThere } from "../../../server/testing/processes";
import type { Random } from "./random";

const ENDS = [
  "succeeds",
  "saves nothing",
  "fails",
  "signal",
  "stopped at once",
  "stopped",
  "loses its supervisor",
  "loses everything",
] as const;
type End = (typeof ENDS)[number];

/** A training whose end is known before it starts. */
export interface PlannedEnd {
  name: End;
  /** For the run's TEST_PROGRAM. It notes each start in its log, and $OUTPUT/begun. */
  program: string;
  /** Somebody clicks Stop: as soon as there is an attempt, once it has begun, or never. */
  stop: "early" | "begun" | null;
  /** Kills what it says, once it has begun; null: it ends by itself. */
  kill: ((at: { directory: string; output: string }) => void) | null;
  /** Every way in which it may be told to have ended: exit status, why and status. */
  accepts: readonly AcceptedEnd[];
}
export interface AcceptedEnd {
  exitStatus: number | null;
  exitWhy: string;
  status: string;
}

const SIGNALS = { ABRT: 134, KILL: 137, SEGV: 139, TERM: 143 } as const;
const SIGNAL_NAMES = ["ABRT", "KILL", "SEGV", "TERM"] as const;
const FOREVER = "exec sleep 600";

/** The next one, of all kinds in turn. */
export function planEnd(index: number, random: Random): PlannedEnd {
  const name = ENDS[index % ENDS.length] ?? "succeeds";
  const begin = `echo started; : >"$OUTPUT/begun"; sleep ${(random.int(0, 20) / 10).toFixed(1)}; `;
  const planned = (program: string, ...accepts: AcceptedEnd[]): PlannedEnd => {
    return { name, program: begin + program, stop: null, kill: null, accepts };
  };
  const cancelled = { exitStatus: 143, exitWhy: "cancel", status: "cancelled" };
  const lost = { exitStatus: null, exitWhy: "lost", status: "interrupted" };
  switch (name) {
    case "succeeds":
      return planned('eval "$SAVE"; exit 0', { exitStatus: 0, exitWhy: "exit", status: "succeeded" });
    case "saves nothing":
      return planned("exit 0", { exitStatus: 0, exitWhy: "exit", status: "failed" });
    case "fails": {
      const exitStatus = random.int(1, 100);
      return planned(`exit ${exitStatus}`, { exitStatus, exitWhy: "exit", status: "failed" });
    }
    case "signal": {
      const signal = random.pick(SIGNAL_NAMES);
      const end = { exitStatus: SIGNALS[signal], exitWhy: "exit", status: "failed" };
      return planned(`kill -${signal} $$`, end);
    }
    case "stopped at once": {
      const neverStarted = { exitStatus: null, exitWhy: "never-launched", status: "cancelled" };
      return { ...planned(FOREVER, cancelled, neverStarted), stop: "early" };
    }
    case "stopped":
      return { ...planned(FOREVER, cancelled), stop: "begun" };
    case "loses its supervisor":
      return {
        ...planned('eval "$SAVE"; exit 0', lost),
        program: `echo started; : >"$OUTPUT/begun"; while [ ! -e "$OUTPUT/enough" ]; do sleep 0.2; done; eval "$SAVE"; exit 0`,
        kill: ({ directory }) => killIfThere(pidIn(join(directory, "id"), / wpid=(\d+)/)),
      };
    case "loses everything":
      return {
        ...planned(FOREVER, lost),
        kill: ({ directory }) => {
          killIfThere(pidIn(join(directory, "id"), / wpid=(\d+)/));
          killIfThere(pidIn(join(directory, "child"), / pid=(\d+)/));
        },
      };
  }
}

/** What the node itself says of an attempt's end; null: nothing. */
export function endOnNode(directory: string): Pick<AcceptedEnd, "exitStatus" | "exitWhy"> | null {
  const text = readIfThere(join(directory, "exit"));
  const [, rc = "", exitWhy = ""] = / rc=(\S+) why=(\S+)/.exec(text) ?? [];
  return exitWhy === "" ? null : { exitStatus: rc === "-" ? null : Number(rc), exitWhy };
}

/** How often the training was started. */
export function startsOnNode(directory: string): number {
  return readIfThere(join(directory, "training.log")).match(/^started$/gm)?.length ?? 0;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Nothing was ever launched there.
    return "";
  }
}

function pidIn(file: string, pattern: RegExp): number {
  const pid = Number(pattern.exec(readFileSync(file, "utf8"))?.[1]);
  if (!Number.isInteger(pid) || pid < 2) throw new Error(`no process id in ${file}`);
  return pid;
}
