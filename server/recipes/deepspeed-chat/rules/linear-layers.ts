import type { FieldValue } from "../../../contracts/recipes";
import { modelFamily } from "../model-family";

/** nn.Linear layers as transformers 4.57 names them, of layer number 0. null scope: none that LoRA could mean. */
const LINEAR_LAYERS = {
  OPT: {
    scope: "decoder.layers.",
    block: "decoder.layers.0.",
    parts: ["self_attn.k_proj", "self_attn.v_proj", "self_attn.q_proj", "self_attn.out_proj", "fc1", "fc2"],
    base: "model.",
  },
  Llama: {
    scope: "layers.",
    block: "layers.0.",
    parts: [
      ...["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"],
      ...["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"],
    ],
    base: "model.",
  },
  BLOOM: {
    scope: "h.",
    block: "h.0.",
    parts: [
      ...["self_attention.query_key_value", "self_attention.dense"],
      ...["mlp.dense_h_to_4h", "mlp.dense_4h_to_h"],
    ],
    base: "transformer.",
  },
  // GPT-2's layers are Conv1D, so only the head is left.
  "GPT-2": { scope: null, block: "", parts: [], base: "" },
} as const;

/** What LoRA would find in a model. null: the name does not tell the names of its layers. */
export function linearLayersOf(
  model: FieldValue | undefined,
  stage: "sft" | "reward",
): { scope: string | null; holds: (scope: string) => boolean } | null {
  const family = layerFamily(model);
  if (family === null) return null;
  const { scope, block, parts, base } = LINEAR_LAYERS[family];
  const names = parts.map((part) => `${stage === "sft" ? base : "rwtransformer."}${block}${part}`);
  if (stage === "sft") names.push("lm_head");
  else names.push("v_head");
  // A scope may name a layer by its number; which numbers there are does not matter here.
  return {
    scope,
    holds: (text) => names.some((name) => name.includes(text.replace(/\.\d+(?=\.|$)/g, ".0"))),
  };
}

function layerFamily(model: FieldValue | undefined): keyof typeof LINEAR_LAYERS | null {
  const family = modelFamily(model);
  if (family === "OPT" || family === "Llama" || family === "BLOOM") return family;
  return typeof model === "string" && /(?:^|\/)(?:gpt2|mgpt)\b/i.test(model) ? "GPT-2" : null;
}
