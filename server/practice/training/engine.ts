import { createParameters, type Parameters } from "../model/parameters";
import type { Scalar } from "../output/event-file";
import type { TrainingLog } from "../output/log";
import { pythonFixed, pythonFloat } from "../output/python-format";
import { Adam } from "./adam";
import { LossScaler } from "./loss-scaler";
import { type Schedule, scheduleFactor } from "./schedule";

const MAX_GRADIENT_NORM = 1;
const STEPS_PER_PRINT = 10;
/** DeepSpeed's throughput timer leaves out the first steps. */
const TIMER_START_STEP = 2;

export interface EngineOptions {
  parameters: Parameters;
  learningRate: number;
  weightDecay: number;
  schedule: Schedule;
  warmupSteps: number;
  totalSteps: number;
  /** Samples of one update: micro batch × devices × accumulation. */
  trainBatchSize: number;
  accumulation: number;
  dtype: "fp16" | "bf16";
  log: TrainingLog;
  /** Where DeepSpeed's own scalars go. */
  events: { write(scalars: readonly Scalar[]): void } | null;
  /** Simulated device memory, MiB. */
  memory: () => { allocatedMiB: number; peakMiB: number };
}

/** What a DeepSpeed engine does around a model: accumulation, loss scaling, clipping, schedule, and its log lines. */
export class Engine {
  readonly parameters: Parameters;
  readonly gradients: Parameters;
  isOverflow = false;
  private readonly options: EngineOptions;
  private readonly adam: Adam;
  private readonly scaler: LossScaler | null;
  private microSteps = 0;
  private globalSteps = 0;
  private skippedSteps = 0;
  private epoch = 0;
  private epochMicroSteps = 0;
  private schedulerSteps = 0;
  private microStepStartedAt = performance.now();
  private elapsedMs = 0;
  private stepElapsedMs = 0;

  constructor(options: EngineOptions) {
    this.options = options;
    this.parameters = options.parameters;
    this.gradients = createParameters(options.parameters.shape);
    this.adam = new Adam(options.parameters, options.weightDecay);
    this.scaler = options.dtype === "fp16" ? new LossScaler() : null;
  }

  get learningRate(): number {
    return (
      this.options.learningRate * scheduleFactor(this.schedulerSteps, this.options, this.options.learningRate)
    );
  }

  /** Call before the forward pass of a micro batch: the throughput timer starts here. */
  beginMicroStep(): void {
    this.microStepStartedAt = performance.now();
  }

  endEpoch(): void {
    this.epoch += 1;
    this.epochMicroSteps = 0;
  }

  /** After the gradients of one micro batch (already divided by the accumulation) were added. @throws LossScaleError */
  step(): void {
    this.microSteps += 1;
    this.epochMicroSteps += 1;
    const isBoundary = this.microSteps % this.options.accumulation === 0;
    if (isBoundary) this.update();
    this.stopTimer(isBoundary);
    if (isBoundary) this.writeEvents();
  }

  private update(): void {
    const { largest, norm } = measure(this.gradients.flat);
    this.isOverflow = this.scaler?.isOverflow(largest) ?? false;
    const message = this.scaler?.update(this.isOverflow) ?? null;
    if (message !== null) this.options.log.info("loss_scaler.py:276:update_scale", message);
    if (this.isOverflow) {
      this.skippedSteps += 1;
    } else {
      const scale = norm > MAX_GRADIENT_NORM ? MAX_GRADIENT_NORM / (norm + 1e-6) : 1;
      this.adam.update(this.gradients.flat, this.learningRate, scale);
      this.schedulerSteps += 1;
    }
    this.gradients.flat.fill(0);
    this.globalSteps += 1;
    if (this.globalSteps % STEPS_PER_PRINT === 0) this.printProgress();
  }

  private printProgress(): void {
    const rate = pythonFloat(this.learningRate);
    this.options.log.info(
      "logging.py:123:log_dist",
      `[Rank 0] step=${this.globalSteps}, skipped=${this.skippedSteps}, lr=[${rate}, ${rate}], mom=[(0.9, 0.95), (0.9, 0.95)]`,
    );
  }

  private stopTimer(isBoundary: boolean): void {
    const duration = performance.now() - this.microStepStartedAt;
    if (this.globalSteps <= TIMER_START_STEP) return;
    this.elapsedMs += duration;
    this.stepElapsedMs += duration;
    if (!isBoundary) return;
    if (this.globalSteps % STEPS_PER_PRINT === 0) this.printThroughput();
    this.stepElapsedMs = 0;
  }

  private printThroughput(): void {
    const { trainBatchSize } = this.options;
    const average = (trainBatchSize * 1000 * (this.globalSteps - TIMER_START_STEP)) / this.elapsedMs;
    const current = (trainBatchSize * 1000) / this.stepElapsedMs;
    const { allocatedMiB, peakMiB } = this.options.memory();
    this.options.log.info(
      "timer.py:264:stop",
      `epoch=${this.epoch}/micro_step=${this.epochMicroSteps}/global_step=${this.globalSteps}, ` +
        `RunningAvgSamplesPerSec=${pythonFloat(average)}, CurrSamplesPerSec=${pythonFloat(current)}, ` +
        `MemAllocated=${gibibytes(allocatedMiB)}GB, MaxMemAllocated=${gibibytes(peakMiB)}GB`,
    );
  }

  /** The two tags that DeepSpeed ≥ 0.18.3 still writes, by samples seen. */
  private writeEvents(): void {
    const step = this.globalSteps * this.options.trainBatchSize;
    const scalars = [{ tag: "Train/Samples/lr", value: this.learningRate, step }];
    if (this.scaler !== null)
      scalars.push({ tag: "Train/Samples/loss_scale", value: this.scaler.scale, step });
    this.options.events?.write(scalars);
  }
}

function measure(gradients: Float32Array): { largest: number; norm: number } {
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) {
    const g = gradients[i] as number;
    const size = g < 0 ? -g : g;
    if (size > largest) largest = size;
    squares += g * g;
  }
  // A NaN never compares as larger, but it does poison the sum.
  return { largest: Number.isNaN(squares) ? Number.NaN : largest, norm: Math.sqrt(squares) };
}

function gibibytes(mebibytes: number): string {
  return pythonFloat(Number(pythonFixed(mebibytes / 1024, 2)));
}
