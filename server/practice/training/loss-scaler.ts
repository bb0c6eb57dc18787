const INITIAL_SCALE = 65536;
const HYSTERESIS = 2;
const HALF_MAX = 65504;

/** Gradients stay infinite at every scale: the training has diverged for good. */
export class LossScaleError extends Error {}

/** DeepSpeed's dynamic loss scaling (runtime/fp16/loss_scaler.py), with DeepSpeed-Chat's window of 100 steps. */
export class LossScaler {
  scale = INITIAL_SCALE;
  private hysteresis = HYSTERESIS;
  private iteration = 0;
  private lastOverflow = -1;

  private readonly window: number;

  constructor(window = 100) {
    this.window = window;
  }

  /** A gradient of this size would be infinite in half precision once scaled. */
  isOverflow(largestGradient: number): boolean {
    return !(largestGradient * this.scale <= HALF_MAX);
  }

  /** @returns DeepSpeed's message when the step has to be skipped, else null. @throws LossScaleError at the smallest scale, as DeepSpeed does */
  update(isOverflow: boolean): string | null {
    const message = isOverflow ? this.shrink() : null;
    if (!isOverflow) this.grow();
    this.iteration += 1;
    return message;
  }

  private shrink(): string {
    this.lastOverflow = this.iteration;
    const prefix = `[deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: ${this.scale}`;
    if (this.hysteresis > 1) {
      const before = this.hysteresis;
      this.hysteresis -= 1;
      return `${prefix}, but hysteresis is ${before}. Reducing hysteresis to ${this.hysteresis}`;
    }
    if (this.scale === 1) {
      throw new LossScaleError(
        "Current loss scale already at minimum - cannot decrease scale anymore. Exiting run.",
      );
    }
    this.scale = Math.max(1, this.scale / 2);
    return `${prefix}, reducing to ${this.scale}`;
  }

  private grow(): void {
    const stable = this.iteration - this.lastOverflow - 1;
    if (stable > 0 && stable % this.window === 0) {
      this.hysteresis = HYSTERESIS;
      this.scale *= 2;
    }
  }
}
