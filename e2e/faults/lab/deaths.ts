import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "./random";

export const DEATHS = ["launcher", "launcher with orphans", "rank", "supervisor", "oom", "reboot"] as const;
export type Death = (typeof DEATHS)[number];

/** How an attempt may be told to have ended; anything else is a lie. */
export interface TrueEnd {
  status: "failed" | "interrupted";
  reason: RegExp;
}

/** Signals by which ranks die, and what people are told of each. */
const SIGNALS = { SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 } as const;
type Signal = keyof typeof SIGNALS;
const SIGNAL_NAMES = ["SIGABRT", "SIGKILL", "SIGSEGV", "SIGTERM"] as const satisfies [Signal, ...Signal[]];

/** launcher/launch.py of DeepSpeed: ranks of its own, a line when one dies, and its code as the exit status. */
const LAUNCHER = `rank() { exec sh -c 'while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done' main.py --local_rank="$1"; }
rank 0 & echo $! >"$OUTPUT/rank"
wait $!; code=$?
if [ $code -gt 128 ]; then
  echo "[ERROR] [launch.py:325:sigkill_handler] exits with return code = -$((code - 128))"
  exit $((384 - code))
fi
exit $code`;
/** launcher/runner.py: a child that died by a signal has a negative code, which is not above 0, so it exits with 0. */
const RUNNER = `sh -c 'echo $$ >"$OUTPUT/launcher"
  sh -c "while [ ! -e \\"$OUTPUT/enough\\" ]; do sleep 0.1; done" main.py --local_rank=0 &
  wait' launcher
exit 0`;
/** More than the node may use. */
const ALLOCATE =
  'head -c 400000000 /dev/zero | tail -c 300000000 >/dev/null; echo "the launcher goes on: $?"; exit 0';

export interface PlannedDeath {
  death: Death;
  /** For the run's TEST_PROGRAM. */
  program: string;
  end: TrueEnd;
  /** Kills it, once it runs; what needs the whole node does nothing here. */
  kill: (at: { directory: string; output: string }) => void;
}

/** One death, with or without a checkpoint that is already there and would look like a success. */
export function planDeath(death: Death, random: Random): PlannedDeath {
  const hasSaved = random.chance(0.7);
  const begin = `${hasSaved ? 'eval "$SAVE"; ' : ""}echo "step 1 of 2"; : >"$OUTPUT/begun"\n`;
  const failed = (reason: RegExp): TrueEnd => ({ status: "failed", reason });
  switch (death) {
    case "launcher": {
      const signal = random.pick(SIGNAL_NAMES);
      return {
        death,
        program: `${begin}exec sleep 300`,
        end: failed(new RegExp(signal)),
        kill: ({ directory }) => process.kill(pidIn(join(directory, "child"), / pid=(\d+)/), signal),
      };
    }
    case "launcher with orphans":
      return {
        death,
        program: `${begin}${RUNNER}`,
        end: failed(/launcher ended while ranks still ran/),
        kill: ({ output }) => process.kill(pidIn(join(output, "launcher"), /(\d+)/), "SIGKILL"),
      };
    case "rank": {
      const signal = random.pick(SIGNAL_NAMES);
      return {
        death,
        program: `${begin}${LAUNCHER}`,
        end: failed(new RegExp(signal)),
        kill: ({ output }) => process.kill(pidIn(join(output, "rank"), /(\d+)/), signal),
      };
    }
    case "supervisor":
      return {
        death,
        program: `${begin}while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; eval "$SAVE"; exit 0`,
        end: { status: "interrupted", reason: /without anybody noting its exit status/ },
        kill: ({ directory, output }) => {
          process.kill(pidIn(join(directory, "id"), / wpid=(\d+)/), "SIGKILL");
          writeFileSync(join(output, "enough"), "");
        },
      };
    case "oom":
      return {
        death,
        program: `${begin}while [ ! -e "$OUTPUT/enough" ]; do sleep 0.1; done; ${ALLOCATE}`,
        end: failed(/node ran out of memory and the kernel killed it/),
        kill: ({ output }) => writeFileSync(join(output, "enough"), ""),
      };
    case "reboot":
      return {
        death,
        program: `${begin}exec sleep 300`,
        end: { status: "interrupted", reason: /node was restarted/ },
        kill: () => {},
      };
  }
}

export function pidIn(file: string, pattern: RegExp): number {
  const pid = Number(pattern.exec(readFileSync(file, "utf8"))?.[1]);
  if (!Number.isInteger(pid) || pid < 2) throw new Error(`no process id in ${file}`);
  return pid;
}
