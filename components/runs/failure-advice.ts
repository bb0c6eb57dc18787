import type { AttemptView, EndCause } from "@/server/contracts/runs";

export interface FailureAdvice {
  /** What to do, one sentence. */
  text: string;
  action: "clone" | "retry";
}

const BY_CAUSE = {
  gpu_out_of_memory: {
    text: "The model did not fit. Clone the run with a smaller batch, a higher ZeRO stage, or offload.",
    action: "clone",
  },
  node_out_of_memory: {
    text: "The machine ran out of main memory. Clone the run without offload, or free memory on the node.",
    action: "clone",
  },
} as const satisfies Record<EndCause, FailureAdvice>;

const ADVICE: readonly (readonly [RegExp, FailureAdvice])[] = [
  // Of attempts that ended before causes were noted, and of a SIGKILL that nobody can prove.
  [/CUDA out of memory|GPU memory/i, BY_CAUSE.gpu_out_of_memory],
  [/out of memory|oom/i, BY_CAUSE.node_out_of_memory],
  [
    /No space left|disk/i,
    { text: "The disk is full. Free space on the node, then try the stage again.", action: "retry" },
  ],
  [
    /No such file|not found|ModuleNotFound|ImportError/i,
    {
      text: "Something is missing on the node. Its page lists what was found; then try the stage again.",
      action: "retry",
    },
  ],
  [
    /interrupted|boot|restart/i,
    {
      text: "The machine went away while it trained. Once it is back, try the stage again.",
      action: "retry",
    },
  ],
];

/** What helps, by how an attempt ended; the log's last lines stand beside it. Pure. */
export function failureAdvice(
  attempt: Pick<AttemptView, "reason" | "exitWhy" | "status" | "endCause">,
): FailureAdvice {
  if (attempt.endCause !== null) return BY_CAUSE[attempt.endCause];
  const evidence = [attempt.status, attempt.reason, attempt.exitWhy].filter(Boolean).join(" ");
  const known = ADVICE.find(([pattern]) => pattern.test(evidence));
  return (
    known?.[1] ?? {
      text: "The last lines of the log tell more. Try the stage again, or clone the run and change it.",
      action: "retry",
    }
  );
}

/** Whether lighter settings are what helps: for attempts of before causes were noted too. */
export function isOutOfGpuMemory(advice: FailureAdvice): boolean {
  return advice === BY_CAUSE.gpu_out_of_memory;
}
