import { STAGE_LABEL } from "../../../contracts/statuses";
import { formatNumber } from "../../format-number";
import { modelFamily, paddingAtBeginning } from "../model-family";
import { type Found, fieldPath, type Rule, setField } from "./rule";

/** What the models' names tell. */
export const MODEL_RULES: readonly Rule[] = [
  {
    id: "padding-at-beginning",
    check: ({ parameters, value }) => {
      const model = parameters.stages.reward.fields.model_name_or_path;
      const expected = paddingAtBeginning(model);
      return (["reward", "ppo"] as const).flatMap((stage): Found[] => {
        const given = value(stage, "num_padding_at_beginning");
        const path = fieldPath(stage, "num_padding_at_beginning");
        if (expected === null || given === expected) return [];
        const message = `${STAGE_LABEL[stage]}: ${model} needs ${expected} padding tokens at the start, not ${given}.`;
        return [{ severity: "warning", path, message, fix: setField(`Use ${expected}`, path, expected) }];
      });
    },
  },
  {
    id: "tokenizers-differ",
    check: ({ parameters: { stages } }) => {
      const actor = modelFamily(stages.sft.fields.model_name_or_path);
      const critic = modelFamily(stages.reward.fields.model_name_or_path);
      if (actor === null || critic === null || actor === critic) return [];
      return [
        {
          severity: "warning",
          path: fieldPath("reward", "model_name_or_path"),
          message: `The actor is ${actor}, the reward model ${critic}: PPO scores the actor's tokens, so both need the same tokenizer.`,
        },
      ];
    },
  },
  {
    id: "lora-learning-rate",
    check: ({ parameters, value, number }) => {
      const rate = number("sft", "learning_rate");
      const family = modelFamily(parameters.stages.sft.fields.model_name_or_path);
      const isFull = value("sft", "lora_dim") === 0;
      if (!isFull || family === null || family === "practice" || !(rate >= 1e-3)) return [];
      const path = fieldPath("sft", "learning_rate");
      const message = `A learning rate of ${formatNumber(rate)} is meant for LoRA; full fine-tuning diverges with it.`;
      return [{ severity: "warning", path, message, fix: setField("Use 9.65e-6", path, 9.65e-6) }];
    },
  },
];
