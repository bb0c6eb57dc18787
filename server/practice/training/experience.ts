import { generate, SAMPLE_AS_IS } from "../model/generate";
import {
  createLanguageState,
  type LanguageState,
  languageForward,
  nextWordPredictions,
} from "../model/language-head";
import type { Parameters } from "../model/parameters";
import type { Tokenizer } from "../model/tokenizer";
import {
  createTrunkState,
  packSequences,
  type TokenBatch,
  type TrunkState,
  trunkForward,
} from "../model/trunk";
import { valueForward } from "../model/value-head";

/** The constants of DeepSpeedPPOTrainer. */
const KL_COEFFICIENT = 0.1;
const REWARD_CLIP = 5;
const GAMMA = 1;
const LAMBDA = 0.95;

/** One sampled answer with what the four models said about it, one entry per answer token. */
export interface Experience {
  prompt: readonly number[];
  sequence: readonly number[];
  logProbabilities: number[];
  values: number[];
  /** The reward model's score of the whole answer, not clipped. */
  reward: number;
  advantages: number[];
  returns: number[];
}

export interface FrozenModels {
  reference: Parameters;
  reward: Parameters;
}

/** Scores sampled answers. Owns its buffers. */
export class ExperienceMaker {
  private readonly trunk: TrunkState = createTrunkState();
  private readonly head: LanguageState = createLanguageState();
  private readonly frozen: FrozenModels;
  private readonly tokenizer: Tokenizer;

  constructor(frozen: FrozenModels, tokenizer: Tokenizer) {
    this.frozen = frozen;
    this.tokenizer = tokenizer;
  }

  /** Samples one answer per prompt at temperature 1. */
  sample(
    actor: Parameters,
    prompts: readonly (readonly number[])[],
    maxNewTokens: number,
    random: () => number,
  ) {
    const settings = { ...SAMPLE_AS_IS, maxNewTokens };
    return prompts.map((prompt) => ({
      prompt,
      answer: generate(actor, this.tokenizer, prompt, { settings, random }),
    }));
  }

  make(
    models: { actor: Parameters; critic: Parameters },
    samples: readonly { prompt: readonly number[]; answer: readonly number[] }[],
  ): Experience[] {
    const batch = packSequences(samples.map(({ prompt, answer }) => [...prompt, ...answer]));
    const own = this.answerLogProbabilities(models.actor, batch, samples);
    const reference = this.answerLogProbabilities(this.frozen.reference, batch, samples);
    const rewards = this.tokenValues(this.frozen.reward, batch);
    const values = this.tokenValues(models.critic, batch);
    let offset = 0;
    return samples.map(({ prompt, answer }, i) => {
      const start = batch.starts[i] as number;
      const end = batch.starts[i + 1] as number;
      const logProbabilities = Array.from(own.subarray(offset, offset + answer.length));
      const penalties = logProbabilities.map(
        (value, t) => -KL_COEFFICIENT * (value - (reference[offset + t] as number)),
      );
      offset += answer.length;
      const reward = rewards[end - 1] as number;
      const last = penalties.length - 1;
      penalties[last] = (penalties[last] as number) + Math.max(-REWARD_CLIP, Math.min(REWARD_CLIP, reward));
      const from = start + prompt.length - 1;
      const answerValues = Array.from(values.subarray(from, from + answer.length));
      const advantages = estimateAdvantages(penalties, answerValues);
      const returns = advantages.map((advantage, t) => advantage + (answerValues[t] as number));
      const sequence = [...prompt, ...answer];
      return { prompt, sequence, logProbabilities, values: answerValues, reward, advantages, returns };
    });
  }

  private answerLogProbabilities(
    parameters: Parameters,
    batch: TokenBatch,
    samples: readonly { prompt: readonly number[] }[],
  ): Float64Array {
    trunkForward(parameters, batch, this.trunk);
    const predictions = nextWordPredictions(batch, (i) => (samples[i]?.prompt.length ?? 1) - 1);
    return languageForward(parameters, this.trunk, predictions, this.head);
  }

  private tokenValues(parameters: Parameters, batch: TokenBatch): Float64Array {
    trunkForward(parameters, batch, this.trunk);
    return valueForward(parameters, this.trunk, batch.ids.length);
  }
}

/** Generalised advantage estimation over one answer. */
export function estimateAdvantages(rewards: readonly number[], values: readonly number[]): number[] {
  const advantages = new Array<number>(rewards.length).fill(0);
  let last = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const delta = (rewards[t] as number) + GAMMA * (values[t + 1] ?? 0) - (values[t] as number);
    last = delta + GAMMA * LAMBDA * last;
    advantages[t] = last;
  }
  return advantages;
}
