import type { EndCause } from "../contracts/runs";
import type { TerminalStatus } from "../contracts/statuses";
import type { LogEvidence } from "../scalars/log-evidence";

/** What the attempt's `exit` file says. */
export interface ExitFile {
  /** null: nobody knows (fenced, or the file is damaged). */
  status: number | null;
  /** exit, cancel, lost, interrupted, never-launched */
  why: string;
}
export interface EndEvidence {
  exit: ExitFile | null;
  oomKills: number;
  /** Ranks that still ran when their launcher had ended: what they saved may be half of it. */
  orphanedRanks: number;
  evidence: LogEvidence;
  hasExpectedFiles: boolean;
  wasCancelled: boolean;
}
export interface End {
  status: TerminalStatus;
  /** One sentence for people, without a full stop. */
  reason: string;
  /** Only of a failure. */
  cause?: EndCause;
}

const SIGNALS: Readonly<Record<number, string>> = {
  2: "SIGINT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
};

/** Of PyTorch's allocator for the CPU (c10/core/impl/alloc_cpu.cpp), of Python, and of fork. */
const NO_MEMORY =
  /DefaultCPUAllocator: (?:can't allocate|not enough) memory|^MemoryError\b|Cannot allocate memory/;

/**
 * How an attempt ended. Exit status 0 alone is no success: DeepSpeed's launcher exits 0 when a signal kills it
 * (launcher/runner.py exits only for return codes above 0), so the checkpoint and the log decide. Ranks that a signal
 * killed come back as 256 minus its number.
 */
export function classifyEnd(input: EndEvidence): End {
  const { exit, wasCancelled } = input;
  if (exit === null) return { status: "interrupted", reason: "the node no longer knows how it ended" };
  if (exit.why === "never-launched") {
    return wasCancelled
      ? { status: "cancelled", reason: "stopped before it started" }
      : { status: "failed", reason: "it could not be launched" };
  }
  if (exit.why === "interrupted") return { status: "interrupted", reason: "the node was restarted" };
  if (wasCancelled || exit.why === "cancel") return classifyCancelled(input, exit);
  if (exit.why === "lost") {
    return { status: "interrupted", reason: "it ended without anybody noting its exit status" };
  }
  return isSuccess(input) ? { status: "succeeded", reason: "finished" } : classifyFailure(input, exit);
}

function classifyCancelled(input: EndEvidence, exit: ExitFile): End {
  if (exit.why !== "lost" && isSuccess(input)) {
    return { status: "succeeded", reason: "finished; the stop came too late" };
  }
  return { status: "cancelled", reason: "stopped" };
}

function isSuccess(input: EndEvidence): boolean {
  const { exit, oomKills, orphanedRanks, evidence, hasExpectedFiles } = input;
  const isClean = evidence.exitsWithReturnCode === null && !evidence.killedSubprocess;
  return exit?.status === 0 && hasExpectedFiles && isClean && oomKills === 0 && orphanedRanks === 0;
}

function classifyFailure(input: EndEvidence, exit: ExitFile): End {
  const { evidence, hasExpectedFiles, orphanedRanks } = input;
  const failed = (reason: string): End => ({ status: "failed", reason });
  const outOfMemory = classifyOutOfMemory(input);
  if (outOfMemory !== null) return outOfMemory;
  const code = rankCode(evidence.exitsWithReturnCode) ?? exit.status;
  const signal = signalOf(code);
  if (signal === 9) return failed("killed by SIGKILL, most likely because the node ran out of memory");
  if (signal === 6) return failed("aborted by SIGABRT, as NCCL's watchdog does when a rank hangs");
  if (signal !== null) return failed(`killed by ${SIGNALS[signal] ?? `signal ${signal}`}`);
  const exception = exceptionOf(evidence.lastTraceback);
  if (exception !== null) return failed(exception);
  if (code === 125) return failed("its working directory is not there");
  if (code === 126) return failed("its program may not be executed");
  if (code === 127) return failed("its program was not found on the node: is deepspeed installed?");
  if (orphanedRanks > 0)
    return failed("outcome doubtful: its launcher ended while ranks still ran, which were then stopped");
  if (code === 0 || code === null) {
    return failed(
      hasExpectedFiles
        ? "outcome doubtful: the log tells of a process that was killed"
        : "it ended without saving a checkpoint",
    );
  }
  return failed(`exit status ${code}`);
}

/** SIGKILL alone is no proof: only the kernel's count of its kills is, or what PyTorch and Python say of an allocation. */
function classifyOutOfMemory({ evidence, oomKills }: EndEvidence): End | null {
  if (evidence.cudaOutOfMemory !== null) {
    const reason = "CUDA out of memory: lower the batch size or raise the ZeRO stage";
    return { status: "failed", reason, cause: "gpu_out_of_memory" };
  }
  const onNode = (reason: string): End => ({ status: "failed", reason, cause: "node_out_of_memory" });
  if (oomKills > 0) return onNode("the node ran out of memory and the kernel killed it");
  if (NO_MEMORY.test(exceptionOf(evidence.lastTraceback) ?? "")) {
    return onNode("the node ran out of memory: use a smaller model or batch, or offload less");
  }
  return null;
}

/** The launcher prints a rank's code as it got it: negative for a signal. */
function rankCode(code: number | null): number | null {
  if (code === null || code === 0) return null;
  return code < 0 ? 256 + code : code;
}

function signalOf(code: number | null): number | null {
  if (code === null) return null;
  if (code > 128 && code <= 192) return code - 128;
  const signal = 256 - code;
  return signal in SIGNALS ? signal : null;
}

/** The exception's own line: the last of the traceback that is not indented. */
function exceptionOf(traceback: string | null): string | null {
  const line = traceback
    ?.split("\n")
    .filter((text) => text.trim() !== "" && !/^\s/.test(text))
    .at(-1);
  if (line === undefined || line.startsWith("Traceback")) return null;
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
