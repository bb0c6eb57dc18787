import { STAGE_KINDS, STAGE_LABEL } from "../../../contracts/statuses";
import { modelBillions, paddingAtBeginning, positionsOf, tokenizerOf } from "../model-family";
import {
  type Found,
  fieldPath,
  modelName,
  type Rule,
  type RuleInput,
  setField,
  unlessPractice,
} from "./rule";

/** What the models' names tell. */
export const MODEL_RULES: readonly Rule[] = [
  { id: "padding-at-beginning", check: paddingProblems },
  {
    id: "tokenizers-differ",
    check: ({ parameters: { stages } }) => {
      const actor = tokenizerOf(stages.sft.fields.model_name_or_path);
      const critic = tokenizerOf(stages.reward.fields.model_name_or_path);
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
    id: "critic-larger",
    check: ({ parameters: { stages } }) => {
      const actor = modelBillions(stages.sft.fields.model_name_or_path);
      const critic = modelBillions(stages.reward.fields.model_name_or_path);
      if (actor === null || critic === null || critic <= actor) return [];
      return [
        {
          severity: "note",
          path: fieldPath("reward", "model_name_or_path"),
          message: `The reward model is larger than the actor (${critic} and ${actor} billion parameters): PPO holds it twice, and it costs more than the model that learns.`,
        },
      ];
    },
  },
  unlessPractice({
    // main of step 2 asks for rm_model.rwtranrsformer where this is in the name: an AttributeError at the start.
    id: "bloom-reward-model",
    check: ({ parameters: { stages } }) => {
      const model = stages.reward.fields.model_name_or_path;
      if (typeof model !== "string" || !model.includes("bigscience/bloom-")) return [];
      const path = fieldPath("reward", "model_name_or_path");
      const other = model.replace("bigscience/bloom-", "bigscience/bloomz-");
      const message = `Step 2 of DeepSpeed-Chat ends at once with a reward model of the name ${model}: a mistyped name in its main.py. BLOOMZ, and a copy on the node below another name, are not concerned.`;
      return [{ severity: "error", path, message, fix: setField(`Use ${other}`, path, other) }];
    },
  }),
  unlessPractice({ id: "sequence-too-long", check: tooLong }),
  {
    id: "reward-reads-less",
    check: ({ number }) => {
      const read = number("reward", "max_seq_len");
      const scored = number("ppo", "max_prompt_seq_len") + number("ppo", "max_answer_seq_len");
      if (!(read < scored)) return [];
      const path = fieldPath("reward", "max_seq_len");
      const message = `The reward model learns from up to ${read} tokens, and PPO has it score up to ${scored}.`;
      return [{ severity: "note", path, message, fix: setField(`Use ${scored}`, path, scored) }];
    },
  },
];

/** RewardModel.forward of dschat/utils/model/reward_model.py reads it; what PPO calls, forward_value, does not. */
function paddingProblems({ parameters, value }: RuleInput): Found[] {
  const model = parameters.stages.reward.fields.model_name_or_path;
  const expected = paddingAtBeginning(model);
  if (expected === null) return [];
  return (["reward", "ppo"] as const).flatMap((stage): Found[] => {
    const given = value(stage, "num_padding_at_beginning");
    const path = fieldPath(stage, "num_padding_at_beginning");
    if (given === expected) return [];
    const fix = setField(`Use ${expected}`, path, expected);
    if (stage === "ppo") {
      const message = `PPO: ${model} needs ${expected} padding tokens at the start, not ${given}. PPO does not use it.`;
      return [{ severity: "note", path, message, fix }];
    }
    const message = `${STAGE_LABEL[stage]}: ${model} needs ${expected} padding tokens at the start, not ${given}: it would score the wrong token.`;
    return [{ severity: "warning", path, message, fix }];
  });
}

/** Rows are padded to the full length (create_dataset_split), so positions that a model has not are always asked for. */
function tooLong(input: RuleInput): Found[] {
  return STAGE_KINDS.flatMap((stage): Found[] => {
    const model = modelName(input, stage);
    const positions = positionsOf(model);
    const prompt = stage === "ppo" ? input.number("ppo", "max_prompt_seq_len") : 0;
    const name = stage === "ppo" ? "max_answer_seq_len" : "max_seq_len";
    const length = prompt + input.number(stage, name);
    if (positions === null || !(length > positions.count)) return [];
    const path = fieldPath(stage, name);
    const what = stage === "ppo" ? "Prompt and answer are" : "Sequences are";
    const end = positions.isLearned
      ? "the program ends when it asks for another"
      : "longer texts it cannot follow";
    const left = positions.count - prompt;
    return [
      {
        severity: positions.isLearned ? "error" : "warning",
        path,
        message: `${what} up to ${length} tokens; ${model} knows ${positions.count} positions, and ${end}.`,
        ...(left >= 1 && { fix: setField(`Use ${left}`, path, left) }),
      },
    ];
  });
}
