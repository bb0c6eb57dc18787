import type { RecipeField, RecipeView } from "@/server/contracts/recipes";
import type { Draft } from "./draft";

function field(name: string, label: string, byDefault: RecipeField["default"]): RecipeField {
  return {
    name,
    flag: `--${name}`,
    type: typeof byDefault === "boolean" ? "boolean" : "float",
    default: byDefault,
    isRequired: false,
    group: "basic",
    section: "Optimizer",
    label,
    help: "",
  };
}

const FIELDS = [
  field("num_train_epochs", "Epochs", 1),
  field("learning_rate", "Learning rate", 1e-5),
  field("offload", "Offload", false),
];

/** Three flags in every stage. */
export const issueRecipe: RecipeView = {
  id: "deepspeed-chat",
  name: "",
  description: "",
  source: "",
  stages: (["sft", "reward", "ppo"] as const).map((kind) => ({ kind, label: "", fields: FIELDS })),
  checkout: null,
  knownDataSets: [],
};

const stage = { fields: {}, env: {}, gpuCount: 1, gpuUuids: [] };

export const issueDraft: Draft = {
  name: "a run",
  nodeId: "n",
  clonedFromId: null,
  idempotencyKey: "0123456789",
  parameters: {
    presetId: null,
    stages: {
      sft: { ...stage, fields: { num_train_epochs: 3 }, env: { NCCL_DEBUG: "INFO" } },
      reward: stage,
      ppo: stage,
    },
    evaluation: {
      isEnabled: false,
      prompts: [],
      settings: { maxNewTokens: 1, temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 0 },
    },
  },
};
