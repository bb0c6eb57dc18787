import { STAGE_LABEL, type StageKind } from "../../../contracts/statuses";
import { formatNumber } from "../../format-number";
import { findField } from "../fields";
import { modelFamily } from "../model-family";
import { linearLayersOf } from "./linear-layers";
import { type Found, fieldPath, type Rule, type RuleInput, setField } from "./rule";

/** Every model that LoRA can be put into: its stage, the prefix of its fields, and the stage that its model comes from. */
const TARGETS = [
  { stage: "sft", prefix: "", from: "sft", who: STAGE_LABEL.sft },
  { stage: "reward", prefix: "", from: "reward", who: STAGE_LABEL.reward },
  { stage: "ppo", prefix: "actor_", from: "sft", who: "Actor" },
  { stage: "ppo", prefix: "critic_", from: "reward", who: "Critic" },
] as const satisfies { stage: StageKind; prefix: string; from: StageKind; who: string }[];

/** LoRA and its learning rates (dschat/utils/module/lora.py, get_optimizer_grouped_parameters, the three main.py). */
export const LORA_RULES: readonly Rule[] = [
  {
    // The three main.py look at --only_optimize_lora only where the rank is above 0.
    id: "only-lora-without-lora",
    check: ({ value, number }) =>
      (["sft", "reward", "ppo"] as const).flatMap((stage): Found[] => {
        const own = TARGETS.filter((target) => target.stage === stage);
        const hasLora = own.some(({ prefix }) => number(stage, `${prefix}lora_dim`) > 0);
        if (value(stage, "only_optimize_lora") !== true || hasLora) return [];
        const path = fieldPath(stage, "only_optimize_lora");
        const message = `${STAGE_LABEL[stage]}: the LoRA rank is 0, so all weights are trained.`;
        return [{ severity: "warning", path, message, fix: setField("Turn it off", path, false) }];
      }),
  },
  { id: "lora-scope", check: loraScope },
  {
    // make_model_gradient_checkpointing_compatible finds no embeddings in a RewardModel, so no gradient reaches its layers.
    id: "only-lora-checkpointing",
    check: ({ value, number }) =>
      TARGETS.filter(({ from }) => from === "reward").flatMap(({ stage, prefix, who }): Found[] => {
        const isBroken =
          value(stage, "only_optimize_lora") === true &&
          number(stage, `${prefix}lora_dim`) > 0 &&
          value(stage, `${prefix}gradient_checkpointing`) === true;
        if (!isBroken) return [];
        const path = fieldPath(stage, "only_optimize_lora");
        const message = `${who}: with gradient checkpointing no gradient reaches the LoRA weights when nothing else is trained.`;
        return [
          { severity: "warning", path, message, fix: setField("Train the other weights too", path, false) },
        ];
      }),
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
  {
    // LoRA weights form a group of their own with --lora_learning_rate; a reward model trains its head beside them.
    id: "learning-rate-unused",
    check: ({ parameters, value, number }) =>
      TARGETS.filter(({ stage }) => stage !== "reward").flatMap(({ stage, prefix, who }): Found[] => {
        const name = `${prefix}learning_rate`;
        const isOnlyLora =
          value(stage, "only_optimize_lora") === true && number(stage, `${prefix}lora_dim`) > 0;
        if (!isOnlyLora || typeof parameters.stages[stage].fields[name] !== "number") return [];
        const rate = number(stage, `${prefix}lora_learning_rate`);
        const label = findField(stage, `${prefix}lora_learning_rate`)?.label;
        const message = `${who}: only LoRA weights are trained, at ${label} ${formatNumber(rate)}; this rate is not used.`;
        const path = fieldPath(stage, name);
        return [{ severity: "note", path, message, fix: setField("Leave it out", path, null) }];
      }),
  },
];

/** convert_linear_layer_to_lora takes nn.Linear layers whose name holds the text, and says nothing when there is none. */
function loraScope({ parameters, value, number }: RuleInput): Found[] {
  return TARGETS.flatMap(({ stage, prefix, from, who }): Found[] => {
    const model = parameters.stages[from].fields.model_name_or_path;
    const layers = linearLayersOf(model, from);
    const scope = String(value(stage, `${prefix}lora_module_name`));
    if (!(number(stage, `${prefix}lora_dim`) > 0) || layers === null || layers.holds(scope)) return [];
    const path = fieldPath(stage, `${prefix}lora_module_name`);
    // A reward model keeps its head; any other is left without a weight to train, and the optimizer refuses that.
    const isFatal = value(stage, "only_optimize_lora") === true && stage !== "reward";
    const fix =
      layers.scope === null
        ? setField("Train without LoRA", fieldPath(stage, `${prefix}lora_dim`), 0)
        : setField(`Use ${layers.scope}`, path, layers.scope);
    return [
      {
        severity: isFatal ? "error" : "warning",
        path,
        message: `${who}: no linear layer of ${model} has “${scope}” in its name, so LoRA changes nothing${isFatal ? " and no weight is left to train" : ""}.`,
        fix,
      },
    ];
  });
}
