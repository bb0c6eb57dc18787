import type { CanonicalTag } from "./canonical-tags";
import { COUNT, NUMBER, parseNumber } from "./log-numbers";
import { stepsDone, type TrainLogState } from "./train-log-state";

/** Receives one value. `sourceTag` is what the line calls it. */
export type Emit = (tag: CanonicalTag, sourceTag: string, step: number, value: number) => void;

export interface LogRule {
  /** Literal text that a line of this kind has. The pattern is tried from where it stands. */
  anchor: string;
  /** Sticky. */
  pattern: RegExp;
  apply: (state: TrainLogState, match: RegExpExecArray, emit: Emit) => void;
}

const MOST_PENDING_LOSSES = 64;

/** The step that DeepSpeed is working on while it prints: its own lines come before DeepSpeed-Chat's of the same step. */
function currentStep(state: TrainLogState): number {
  return stepsDone(state) + 1;
}

function stepAfterEpoch(state: TrainLogState, epoch: number): number {
  if (epoch === 0) return 0;
  if (state.batchesPerEpoch === null) return stepsDone(state);
  return Math.floor((epoch * state.batchesPerEpoch) / state.accumulation);
}

function evaluationStep(state: TrainLogState): number {
  return state.evaluatedEpoch === null ? stepsDone(state) : stepAfterEpoch(state, state.evaluatedEpoch);
}

function rule(anchor: string, pattern: string, apply: LogRule["apply"]): LogRule {
  return {
    anchor,
    pattern: new RegExp(pattern.replaceAll("NUMBER", NUMBER).replaceAll("COUNT", COUNT), "y"),
    apply,
  };
}

/**
 * Sft with --print_loss: every rank prints each micro batch. What is stored is the mean over an optimizer step's
 * micro batches and ranks, once all have spoken.
 */
function applyLoss(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  const [epoch, step, rank] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const batch = epoch * (state.batchesPerEpoch ?? 0) + step;
  state.ranks = Math.max(state.ranks, rank + 1);
  if (rank === 0) state.microBatches = Math.max(state.microBatches, batch + 1);
  const value = parseNumber(match[4]);
  const optimizerStep = Math.floor(batch / state.accumulation) + 1;
  // JSON cannot keep NaN, so a loss that is not finite goes out at once and alone.
  if (!Number.isFinite(value)) {
    emit("loss", "loss", optimizerStep, value);
    return;
  }
  let pending = state.pendingLosses.find((entry) => entry.step === optimizerStep);
  if (pending === undefined) {
    pending = { step: optimizerStep, sum: 0, count: 0 };
    state.pendingLosses.push(pending);
  }
  pending.count += 1;
  pending.sum += value;
  const isWhole = pending.count >= state.ranks * state.accumulation;
  const ready = isWhole
    ? pending
    : state.pendingLosses.length > MOST_PENDING_LOSSES
      ? state.pendingLosses[0]
      : undefined;
  if (ready !== undefined) emitLoss(state, ready, emit);
}

function emitLoss(state: TrainLogState, entry: TrainLogState["pendingLosses"][number], emit: Emit): void {
  state.pendingLosses = state.pendingLosses.filter((other) => other !== entry);
  emit("loss", "loss", entry.step, entry.sum / entry.count);
}

function applyPpoStep(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  const [epoch, batch] = [Number(match[1]), Number(match[2])];
  state.isPpo = true;
  if (state.batchesPerEpoch !== null) state.ppoOffset = epoch * state.batchesPerEpoch;
  else if (batch <= state.lastPpoBatch) state.ppoOffset += state.lastPpoBatch + 1;
  state.lastPpoBatch = batch;
  state.ppoStep = state.ppoOffset + batch + 1;
  emit("ppo/actor_loss", "Actor Loss", state.ppoStep, parseNumber(match[3]));
  emit("ppo/critic_loss", "Critic Loss", state.ppoStep, parseNumber(match[4]));
  const unsupervised = parseNumber(match[5]);
  state.hasUnsupervisedLoss ||= unsupervised !== 0;
  if (state.hasUnsupervisedLoss)
    emit("ppo/unsupervised_loss", "Unsupervised Loss", state.ppoStep, unsupervised);
}

function applyReward(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  emit("ppo/reward", "Average reward score", state.ppoStep, parseNumber(match[1]));
  if (match[2] !== undefined)
    emit("ppo/reward_ema", "EMA reward score", state.ppoStep, parseNumber(match[2]));
}

function applyScores(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  const step = evaluationStep(state);
  emit("reward_model/chosen_score", "chosen_last_scores", step, parseNumber(match[1]));
  if (match[2] !== undefined)
    emit("reward_model/rejected_score", "rejected_last_scores", step, parseNumber(match[2]));
  emit("reward_model/accuracy", "acc", step, parseNumber(match[3]));
}

function applyThroughput(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  state.throughputLines += 1;
  state.microBatches = Math.max(state.microBatches, state.throughputLines);
  // One point an optimizer step: its last micro batch.
  if (state.microBatches % state.accumulation !== 0) return;
  const step = state.microBatches / state.accumulation;
  emit("perf/latency_seconds", "Latency", step, parseNumber(match[1]));
  emit("perf/tflops", "TFLOPs", step, parseNumber(match[2]));
  emit("perf/samples_per_second", "Samples/sec", step, parseNumber(match[3]));
}

function applyTimer(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  const [epoch, microStep, globalStep] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!state.isPpo) {
    const ratio = microStep / globalStep;
    if (epoch === 0 && Number.isInteger(ratio) && ratio > 0) state.accumulation = ratio;
    state.globalStep = Math.max(state.globalStep, globalStep);
  }
  const step = state.isPpo ? currentStep(state) : globalStep;
  const speed = state.isPpo ? "perf/train_samples_per_second" : "perf/samples_per_second";
  emit(speed, "CurrSamplesPerSec", step, parseNumber(match[4]));
  if (match[5] !== undefined) emit("memory/allocated_gb", "MemAllocated", step, parseNumber(match[5]));
  if (match[6] !== undefined) emit("memory/max_allocated_gb", "MaxMemAllocated", step, parseNumber(match[6]));
}

/** PPO has two engines; at each printed step the actor's line comes first (ppo_trainer.py, train_rlhf). */
function applyLearningRate(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  const globalStep = Number(match[1]);
  const isCritic = state.isPpo && state.lastLrStep === globalStep;
  state.lastLrStep = globalStep;
  if (!state.isPpo) state.globalStep = Math.max(state.globalStep, globalStep);
  emit(
    isCritic ? "critic/lr" : "lr",
    "lr",
    state.isPpo ? currentStep(state) : globalStep,
    parseNumber(match[2]),
  );
}

/** Every rank may print the same change: only a new value counts. */
function setLossScale(state: TrainLogState, value: number, emit: Emit): void {
  if (state.lossScale === value) return;
  state.lossScale = value;
  emit("loss_scale", "loss scale", currentStep(state), value);
}

function applyOverflow(state: TrainLogState, match: RegExpExecArray, emit: Emit): void {
  state.skippedSteps += 1;
  emit("overflow", "OVERFLOW", currentStep(state), state.skippedSteps);
  const scale = parseNumber(match[2] ?? match[1]);
  if (Number.isFinite(scale)) setLossScale(state, scale, emit);
}

const SCALE = "(?:.{0,60}?Attempted loss scale: NUMBER,(?: reducing to NUMBER)?)?";
const ANY = "[^\\n]{0,80}?";

/** Both dialects of DeepSpeed-Chat (dschat/utils/perf.py, training/step*\/main.py; 2023 and now) and DeepSpeed's own lines. */
export const LOG_RULES: readonly LogRule[] = [
  rule("Epoch: ", "Epoch: COUNT, Step: COUNT, Rank: COUNT, loss = NUMBER", applyLoss),
  rule(
    "Epoch: ",
    String.raw`Epoch: COUNT \| Step: COUNT \| PPO Epoch: \d+ \| Actor Loss: NUMBER \| Critic Loss: NUMBER \| Unsupervised Loss: NUMBER`,
    applyPpoStep,
  ),
  rule(
    "epoch: ",
    String.raw`epoch: COUNT\|step: COUNT\|ppo_ep: \d+\|act_loss: NUMBER\|cri_loss: NUMBER\|unsuper_loss: NUMBER`,
    applyPpoStep,
  ),
  rule(
    "verage reward score: ",
    String.raw`verage reward score: NUMBER(?: \| EMA reward score: NUMBER)?`,
    applyReward,
  ),
  rule(
    "Model Parameters: ",
    `Model Parameters: [^,]{1,40}, Latency: NUMBERs, TFLOPs: NUMBER, Samples/sec: NUMBER`,
    applyThroughput,
  ),
  rule(
    "End-to-End => ",
    "End-to-End => Latency: NUMBERs, TFLOPs: NUMBER, Samples/sec: NUMBER",
    (state, match, emit) => {
      emit("perf/latency_seconds", "Latency", state.ppoStep, parseNumber(match[1]));
      emit("perf/tflops", "TFLOPs", state.ppoStep, parseNumber(match[2]));
      emit("perf/samples_per_second", "Samples/sec", state.ppoStep, parseNumber(match[3]));
    },
  ),
  rule("Generation => ", "Generation => Latency: NUMBERs", (state, match, emit) =>
    emit("perf/generate_seconds", "Generation latency", state.ppoStep, parseNumber(match[1])),
  ),
  rule("Training   => ", "Training   => Latency: NUMBERs", (state, match, emit) =>
    emit("perf/train_seconds", "Training latency", state.ppoStep, parseNumber(match[1])),
  ),
  rule(
    "|E2E latency=",
    String.raw`\|E2E latency=NUMBERs${ANY}\|Generate time=NUMBERs${ANY}\|Training time=NUMBERs${ANY}\|CurSamplesPerSec=NUMBER`,
    (state, match, emit) => {
      emit("perf/latency_seconds", "Latency", state.ppoStep, parseNumber(match[1]));
      emit("perf/generate_seconds", "Generation latency", state.ppoStep, parseNumber(match[2]));
      emit("perf/train_seconds", "Training latency", state.ppoStep, parseNumber(match[3]));
      emit("perf/samples_per_second", "Samples/sec", state.ppoStep, parseNumber(match[4]));
    },
  ),
  rule("ppl: ", "ppl: NUMBER(?:, loss: NUMBER)?", (state, match, emit) => {
    emit("eval/perplexity", "ppl", evaluationStep(state), parseNumber(match[1]));
    if (match[2] !== undefined) emit("eval/loss", "loss", evaluationStep(state), parseNumber(match[2]));
  }),
  rule(
    "chosen_last_scores",
    String.raw`chosen_last_scores \(higher is better\) : NUMBER(?:, rejected_last_scores \(lower is better\) : NUMBER)?, acc \(higher is better\) : NUMBER`,
    applyScores,
  ),
  rule(
    "Iter ",
    "Iter COUNT: c_scores: NUMBER, r_scores: NUMBER, diff: [^,]+, acc: NUMBER",
    (state, match, emit) => {
      const step = Number(match[1]);
      state.globalStep = Math.max(state.globalStep, step);
      emit("reward_model/chosen_score", "c_scores", step, parseNumber(match[2]));
      emit("reward_model/rejected_score", "r_scores", step, parseNumber(match[3]));
      emit("reward_model/accuracy", "acc", step, parseNumber(match[4]));
    },
  ),
  rule("Epoch ", String.raw`Epoch COUNT\/\d+ with loss NUMBER`, (state, match, emit) =>
    emit("loss", "mean loss of the epoch", stepAfterEpoch(state, Number(match[1])), parseNumber(match[2])),
  ),
  rule(
    "Evaluating ",
    String.raw`Evaluating (?:perplexity|reward|rewards), Epoch COUNT\/COUNT`,
    (state, match) => {
      state.evaluatedEpoch = Number(match[1]);
      state.microBatches = Math.max(state.microBatches, state.evaluatedEpoch * (state.batchesPerEpoch ?? 0));
    },
  ),
  rule(
    "Beginning of Epoch ",
    String.raw`Beginning of Epoch COUNT\/COUNT, Total (Micro|Generation) Batches COUNT`,
    (state, match) => {
      state.epochs = Number(match[2]);
      state.isPpo = match[3] === "Generation";
      state.batchesPerEpoch = Number(match[4]);
    },
  ),
  rule("step=", String.raw`step=COUNT, skipped=\d+, lr=\[NUMBER`, applyLearningRate),
  rule(
    "epoch=",
    String.raw`epoch=COUNT\/micro_step=COUNT\/global_step=COUNT, RunningAvgSamplesPerSec=[^,]+, CurrSamplesPerSec=NUMBER(?:, MemAllocated=NUMBERGB)?(?:, MaxMemAllocated=NUMBERGB)?`,
    applyTimer,
  ),
  rule("OVERFLOW!", String.raw`OVERFLOW! Rank \d+ Skipping step\.${SCALE}`, applyOverflow),
  rule("Overflow detected.", String.raw`Overflow detected\. Skipping step\.${SCALE}`, applyOverflow),
  rule(
    "dynamic loss scale overflow!",
    String.raw`dynamic loss scale overflow! Skipping step\.${SCALE}`,
    applyOverflow,
  ),
  rule("dynamic loss scale from ", "dynamic loss scale from [^ ]+ to NUMBER", (state, match, emit) =>
    setLossScale(state, parseNumber(match[1]), emit),
  ),
  rule("Grad overflow on iteration", "Grad overflow on iteration:? COUNT", (state, match) => {
    state.globalStep = Math.max(state.globalStep, Number(match[1]));
  }),
  rule("dist_world_size=", "dist_world_size=COUNT", (state, match) => {
    state.ranks = Math.max(state.ranks, Number(match[1]));
  }),
  rule("--gradient_accumulation_steps", "--gradient_accumulation_steps[= ]COUNT", (state, match) => {
    state.accumulation = Math.max(1, Number(match[1]));
  }),
];
