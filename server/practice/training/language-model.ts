import {
  createLanguageState,
  languageBackward,
  languageForward,
  nextWordPredictions,
} from "../model/language-head";
import type { Parameters } from "../model/parameters";
import { createTrunkState, packSequences, trunkBackward, trunkForward } from "../model/trunk";
import { mean } from "./stage-context";

/** Cross-entropy over next words. Owns its buffers, so that steps do not allocate. */
export class LanguageModelLoss {
  private readonly trunk = createTrunkState();
  private readonly head = createLanguageState();

  evaluate(parameters: Parameters, sequences: readonly (readonly number[])[]): number {
    const batch = packSequences(sequences);
    trunkForward(parameters, batch, this.trunk);
    return -mean(languageForward(parameters, this.trunk, nextWordPredictions(batch), this.head));
  }

  /** @returns the mean loss; adds `scale` times its gradient */
  accumulate(
    parameters: Parameters,
    gradients: Parameters,
    sequences: readonly (readonly number[])[],
    scale: number,
  ): number {
    const batch = packSequences(sequences);
    trunkForward(parameters, batch, this.trunk);
    const predictions = nextWordPredictions(batch);
    const logProbabilities = languageForward(parameters, this.trunk, predictions, this.head);
    const coefficients = new Float64Array(predictions.rows.length).fill(-scale / predictions.rows.length);
    const tokens = batch.ids.length;
    languageBackward(parameters, gradients, this.trunk, tokens, predictions, coefficients, this.head);
    trunkBackward(parameters, gradients, batch, this.trunk);
    return -mean(logProbabilities);
  }
}
