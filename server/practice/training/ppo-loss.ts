import {
  createLanguageState,
  languageBackward,
  languageForward,
  nextWordPredictions,
} from "../model/language-head";
import type { Parameters } from "../model/parameters";
import { createTrunkState, packSequences, trunkBackward, trunkForward } from "../model/trunk";
import { valueBackward, valueForward } from "../model/value-head";
import type { Experience } from "./experience";

const CLIP = 0.2;
const VALUE_CLIP = 0.2;

interface Target {
  parameters: Parameters;
  gradients: Parameters;
}

/** The clipped losses of DeepSpeedPPOTrainer (actor_loss_fn, critic_loss_fn), with their gradients. */
export class PpoLoss {
  private readonly trunk = createTrunkState();
  private readonly head = createLanguageState();

  /** Mean over answer tokens of max(−A·r, −A·clip(r)), r the probability ratio to when the answer was sampled. */
  actor(target: Target, experiences: readonly Experience[], scale: number): number {
    const batch = packSequences(experiences.map((experience) => experience.sequence));
    trunkForward(target.parameters, batch, this.trunk);
    const predictions = nextWordPredictions(batch, (i) => (experiences[i]?.prompt.length ?? 1) - 1);
    const current = languageForward(target.parameters, this.trunk, predictions, this.head);
    const old = experiences.flatMap((experience) => experience.logProbabilities);
    const advantages = experiences.flatMap((experience) => experience.advantages);
    const coefficients = new Float64Array(current.length);
    let loss = 0;
    for (let i = 0; i < current.length; i++) {
      const ratio = Math.exp((current[i] as number) - (old[i] as number));
      const advantage = advantages[i] as number;
      const plain = -advantage * ratio;
      const clipped = -advantage * Math.max(1 - CLIP, Math.min(1 + CLIP, ratio));
      loss += Math.max(plain, clipped) / current.length;
      coefficients[i] = plain >= clipped ? (scale * plain) / current.length : 0;
    }
    languageBackward(
      target.parameters,
      target.gradients,
      this.trunk,
      batch.ids.length,
      predictions,
      coefficients,
      this.head,
    );
    trunkBackward(target.parameters, target.gradients, batch, this.trunk);
    return loss;
  }

  /** Half the mean over answer tokens of max((v − R)², (clip(v) − R)²). */
  critic(target: Target, experiences: readonly Experience[], scale: number): number {
    const batch = packSequences(experiences.map((experience) => experience.sequence));
    trunkForward(target.parameters, batch, this.trunk);
    const values = valueForward(target.parameters, this.trunk, batch.ids.length);
    const slopes = new Float64Array(values.length);
    const count = experiences.reduce((sum, experience) => sum + experience.returns.length, 0);
    let loss = 0;
    experiences.forEach((experience, i) => {
      const from = (batch.starts[i] as number) + experience.prompt.length - 1;
      experience.returns.forEach((goal, t) => {
        const value = values[from + t] as number;
        const old = experience.values[t] as number;
        const clipped = Math.max(old - VALUE_CLIP, Math.min(old + VALUE_CLIP, value));
        const [plainError, clippedError] = [(value - goal) ** 2, (clipped - goal) ** 2];
        loss += (0.5 * Math.max(plainError, clippedError)) / count;
        slopes[from + t] = plainError >= clippedError ? (scale * (value - goal)) / count : 0;
      });
    });
    valueBackward(target.parameters, target.gradients, this.trunk, slopes);
    trunkBackward(target.parameters, target.gradients, batch, this.trunk);
    return loss;
  }
}
