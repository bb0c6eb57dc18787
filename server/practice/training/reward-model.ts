import type { Parameters } from "../model/parameters";
import { createTrunkState, packSequences, trunkBackward, trunkForward } from "../model/trunk";
import { valueBackward, valueForward } from "../model/value-head";

export interface EncodedPair {
  chosen: readonly number[];
  rejected: readonly number[];
}

export interface PairScores {
  loss: number;
  /** Score at the last token of each answer. */
  chosen: number[];
  rejected: number[];
}

/** Pairwise ranking as DeepSpeed-Chat's RewardModel.forward: mean of −log σ(chosen − rejected) from where the two part to the longer end. */
export class RankingLoss {
  private readonly trunk = createTrunkState();

  evaluate(parameters: Parameters, pairs: readonly EncodedPair[]): PairScores {
    return this.forward(parameters, pairs).scores;
  }

  /** Adds `scale` times the gradient. */
  accumulate(
    parameters: Parameters,
    gradients: Parameters,
    pairs: readonly EncodedPair[],
    scale: number,
  ): PairScores {
    const { scores, batch, slopes } = this.forward(parameters, pairs);
    for (let i = 0; i < slopes.length; i++) slopes[i] = (slopes[i] as number) * scale;
    valueBackward(parameters, gradients, this.trunk, slopes);
    trunkBackward(parameters, gradients, batch, this.trunk);
    return scores;
  }

  private forward(parameters: Parameters, pairs: readonly EncodedPair[]) {
    const batch = packSequences(pairs.flatMap((pair) => [pair.chosen, pair.rejected]));
    trunkForward(parameters, batch, this.trunk);
    const values = valueForward(parameters, this.trunk, batch.ids.length);
    const slopes = new Float64Array(values.length);
    const scores: PairScores = { loss: 0, chosen: [], rejected: [] };
    pairs.forEach((pair, i) => {
      const ends = {
        chosen: batch.starts[2 * i] as number,
        rejected: batch.starts[2 * i + 1] as number,
      };
      scores.loss += rankPair(pair, ends, { values, slopes }, 1 / pairs.length) / pairs.length;
      scores.chosen.push(values[ends.chosen + pair.chosen.length - 1] as number);
      scores.rejected.push(values[ends.rejected + pair.rejected.length - 1] as number);
    });
    return { scores, batch, slopes };
  }
}

/** One pair's loss; sets dLoss/dValue. Past its end an answer counts with its last token, where DeepSpeed-Chat has padding. */
function rankPair(
  pair: EncodedPair,
  starts: { chosen: number; rejected: number },
  state: { values: Float64Array; slopes: Float64Array },
  weight: number,
): number {
  const end = Math.max(pair.chosen.length, pair.rejected.length);
  const from = Math.min(divergence(pair), end - 1);
  const count = end - from;
  let loss = 0;
  for (let t = from; t < end; t++) {
    const c = starts.chosen + Math.min(t, pair.chosen.length - 1);
    const r = starts.rejected + Math.min(t, pair.rejected.length - 1);
    const difference = (state.values[c] as number) - (state.values[r] as number);
    loss += softplus(-difference) / count;
    const slope = (-weight / count) * sigmoid(-difference);
    state.slopes[c] = (state.slopes[c] as number) + slope;
    state.slopes[r] = (state.slopes[r] as number) - slope;
  }
  return loss;
}

function divergence({ chosen, rejected }: EncodedPair): number {
  let at = 0;
  while (at < chosen.length && at < rejected.length && chosen[at] === rejected[at]) at++;
  return at;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}
