import type { RecipeView } from "../../contracts/recipes";
import { STAGE_KINDS, STAGE_LABEL } from "../../contracts/statuses";
import type { CheckoutFlags } from "./checkout-flags";
import { fieldsOfForm } from "./fields";
import { KNOWN_DATA_SETS } from "./known-data-sets";

export const DEEPSPEED_CHAT: RecipeView = {
  id: "deepspeed-chat",
  name: "DeepSpeed-Chat RLHF",
  description:
    "Supervised fine-tuning and a reward model, side by side when GPUs allow, then PPO on the checkpoints of both.",
  source: "deepspeedai/DeepSpeedExamples, applications/DeepSpeed-Chat, as of 45b4b7156c87",
  stages: STAGE_KINDS.map((kind) => ({ kind, label: STAGE_LABEL[kind], fields: fieldsOfForm(kind, null) })),
  checkout: null,
  knownDataSets: [...KNOWN_DATA_SETS],
};

/** The recipe as a checkout of the application has it. */
export function withCheckout(recipe: RecipeView, checkout: CheckoutFlags): RecipeView {
  return {
    ...recipe,
    stages: recipe.stages.map((stage) => ({ ...stage, fields: fieldsOfForm(stage.kind, checkout) })),
  };
}
