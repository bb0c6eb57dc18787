const GENERATIONS = [
  {
    generation: "pascal",
    pattern: /\b(?:K[248]0|M[46]0|P100|P40|P4|P6|GTX (?:9|10)\d\d|TITAN Xp?|Quadro [KMP]\d+)\b/i,
  },
  {
    generation: "volta",
    pattern: /\b(?:G?V100\w*|T4|TITAN (?:V|RTX)|RTX 20[678]0|Quadro RTX \d+|GTX 16\d\d)\b/i,
  },
] as const;

/**
 * By the name that nvidia-smi gives. pascal: compute capability 6.x and before; volta: 7.x, with Turing. null: later ones
 * (Ampere and on compute in bf16), and names that tell nothing.
 */
export function gpuGeneration(name: string): "pascal" | "volta" | null {
  return GENERATIONS.find(({ pattern }) => pattern.test(name))?.generation ?? null;
}
