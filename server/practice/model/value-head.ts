import type { Parameters } from "./parameters";
import { ensureSize, type TrunkState } from "./trunk";

/** A score per token, [tokens], after a trunkForward: v_head · hidden. Linear without bias, as DeepSpeed-Chat's. */
export function valueForward(parameters: Parameters, trunk: TrunkState, tokens: number): Float64Array {
  const head = parameters.views["v_head.weight"];
  const width = head.length;
  const values = new Float64Array(tokens);
  for (let t = 0; t < tokens; t++) {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (head[k] as number) * (trunk.hidden[t * width + k] as number);
    values[t] = sum;
  }
  return values;
}

/** Adds the head's gradient and sets `trunk.hiddenGradient`, given dLoss/dValue per token. */
export function valueBackward(
  parameters: Parameters,
  gradients: Parameters,
  trunk: TrunkState,
  valueGradients: Float64Array,
): void {
  const head = parameters.views["v_head.weight"];
  const headGradient = gradients.views["v_head.weight"];
  const width = head.length;
  trunk.hiddenGradient = ensureSize(trunk.hiddenGradient, valueGradients.length * width);
  for (let t = 0; t < valueGradients.length; t++) {
    const upstream = valueGradients[t] as number;
    for (let k = 0; k < width; k++) {
      const at = t * width + k;
      headGradient[k] = (headGradient[k] as number) + upstream * (trunk.hidden[at] as number);
      trunk.hiddenGradient[at] = upstream * (head[k] as number);
    }
  }
}
