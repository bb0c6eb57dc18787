import { type EvidenceState, initialEvidence } from "./log-evidence";

/** State of the log parser between two calls. Plain JSON: it is stored beside the file's offset. */
export interface TrainLogState {
  /** Bytes of the unfinished last line, base64, at most LONGEST_LINE of them. */
  carry: string;
  /** Length of the unfinished line, also of what was not kept of it. */
  carryLength: number;
  isPpo: boolean;
  /** Epochs in all, and batches in each: "Beginning of Epoch 1/16, Total Micro Batches 460". */
  epochs: number | null;
  batchesPerEpoch: number | null;
  /** Micro batches for one optimizer step. */
  accumulation: number;
  /** Processes that print a loss; 0 until known. */
  ranks: number;
  /** Micro batches done, over all epochs. */
  microBatches: number;
  /** "Model Parameters:" lines so far: one a micro batch. */
  throughputLines: number;
  /** Optimizer steps by DeepSpeed's own lines. */
  globalStep: number;
  /** PPO batches done, over all epochs; the last one as printed, to notice an epoch that was not announced. */
  ppoStep: number;
  ppoOffset: number;
  lastPpoBatch: number;
  /** Epoch named by the last "Evaluating …, Epoch n/N"; null before. */
  evaluatedEpoch: number | null;
  lastLrStep: number | null;
  skippedSteps: number;
  lossScale: number | null;
  hasUnsupervisedLoss: boolean;
  /** Losses of optimizer steps that not every rank and micro batch has printed yet. */
  pendingLosses: { step: number; sum: number; count: number }[];
  evidence: EvidenceState;
}

export function initialTrainLogState(): TrainLogState {
  return {
    carry: "",
    carryLength: 0,
    isPpo: false,
    epochs: null,
    batchesPerEpoch: null,
    accumulation: 1,
    ranks: 0,
    microBatches: 0,
    throughputLines: 0,
    globalStep: 0,
    ppoStep: 0,
    ppoOffset: 0,
    lastPpoBatch: -1,
    evaluatedEpoch: null,
    lastLrStep: null,
    skippedSteps: 0,
    lossScale: null,
    hasUnsupervisedLoss: false,
    pendingLosses: [],
    evidence: initialEvidence(),
  };
}

/** Optimizer steps done by everything that was printed (PPO: batches done). */
export function stepsDone(state: TrainLogState): number {
  if (state.isPpo) return state.ppoStep;
  return Math.max(state.globalStep, Math.floor(state.microBatches / state.accumulation));
}

/** Steps of the whole training; null before the first epoch is announced. */
export function stepsTotal(state: TrainLogState): number | null {
  if (state.epochs === null || state.batchesPerEpoch === null) return null;
  const batches = state.epochs * state.batchesPerEpoch;
  return state.isPpo ? batches : Math.floor(batches / state.accumulation);
}
