import type { Parameters } from "../model/parameters";

const BETA_1 = 0.9;
const BETA_2 = 0.95;
const EPSILON = 1e-8;

/** AdamW with DeepSpeed-Chat's betas. Weight decay spares biases, as get_optimizer_grouped_parameters does. */
export class Adam {
  private readonly mean: Float32Array;
  private readonly square: Float32Array;
  private readonly decays: Uint8Array;
  private step = 0;
  private readonly parameters: Parameters;
  private readonly weightDecay: number;

  constructor(parameters: Parameters, weightDecay: number) {
    this.parameters = parameters;
    this.weightDecay = weightDecay;
    this.mean = new Float32Array(parameters.flat.length);
    this.square = new Float32Array(parameters.flat.length);
    this.decays = decayMask(parameters);
  }

  /** One update; `scale` multiplies every gradient first (clipping). */
  update(gradients: Float32Array, learningRate: number, scale: number): void {
    this.step += 1;
    const weights = this.parameters.flat;
    const correction1 = 1 - BETA_1 ** this.step;
    const correction2 = Math.sqrt(1 - BETA_2 ** this.step);
    const size = (learningRate * correction2) / correction1;
    const epsilon = EPSILON * correction2;
    const shrink = 1 - learningRate * this.weightDecay;
    for (let i = 0; i < weights.length; i++) {
      const g = (gradients[i] as number) * scale;
      const mean = BETA_1 * (this.mean[i] as number) + (1 - BETA_1) * g;
      const square = BETA_2 * (this.square[i] as number) + (1 - BETA_2) * g * g;
      this.mean[i] = mean;
      this.square[i] = square;
      const kept = this.decays[i] === 1 ? (weights[i] as number) * shrink : (weights[i] as number);
      weights[i] = kept - (size * mean) / (Math.sqrt(square) + epsilon);
    }
  }
}

function decayMask(parameters: Parameters): Uint8Array {
  const mask = new Uint8Array(parameters.flat.length);
  for (const [name, view] of Object.entries(parameters.views)) {
    const offset = (view.byteOffset - parameters.flat.byteOffset) / 4;
    mask.fill(name.endsWith("bias") || name === "salience" ? 0 : 1, offset, offset + view.length);
  }
  return mask;
}
