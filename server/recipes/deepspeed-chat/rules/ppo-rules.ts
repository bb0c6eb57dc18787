import { findField } from "../fields";
import { type Found, fieldPath, type Rule, type RuleInput, setField, unlessPractice } from "./rule";

/** The coefficient of InstructGPT, and the program's default. */
const UNSTABLE_COEFFICIENT = 27.8;
const EOT_STAGES = ["sft", "reward", "ppo"] as const;

/** PPO itself (main.py of step 3, dschat/rlhf/ppo_trainer.py, README of step 3: "Instablity of RLHF training"). */
export const PPO_RULES: readonly Rule[] = [
  {
    id: "mixed-precision-lora",
    check: ({ value, number }) => {
      const isReady = number("ppo", "actor_lora_dim") > 0 && value("ppo", "actor_zero_stage") === 3;
      if (value("ppo", "enable_mixed_precision_lora") !== true || isReady) return [];
      const path = fieldPath("ppo", "enable_mixed_precision_lora");
      const message = "Mixed-precision LoRA needs actor LoRA and actor ZeRO stage 3.";
      return [{ severity: "error", path, message, fix: setField("Turn it off", path, false) }];
    },
  },
  unlessPractice({
    // train_rlhf calls check_overflow(external=True), an argument that no optimizer of DeepSpeed up to 0.19.8 takes.
    id: "align-overflow",
    check: ({ value }) => {
      if (value("ppo", "align_overflow") !== true) return [];
      const path = fieldPath("ppo", "align_overflow");
      const message =
        "The first step would fail: it asks DeepSpeed's optimizer for something that it does not offer.";
      return [{ severity: "error", path, message, fix: setField("Turn it off", path, false) }];
    },
  }),
  {
    id: "unequal-batches",
    check: ({ value }) => {
      const generation = value("ppo", "per_device_generation_batch_size");
      const path = fieldPath("ppo", "per_device_training_batch_size");
      if (generation === value("ppo", "per_device_training_batch_size")) return [];
      const message = "Only equal generation and training batches are known to converge.";
      const fix = setField(`Train with batch ${generation}`, path, generation);
      return [{ severity: "warning", path, message, fix }];
    },
  },
  {
    id: "ppo-repeats",
    check: ({ value }) =>
      ["ppo_epochs", "generation_batches"].flatMap((name): Found[] => {
        if (value("ppo", name) === 1) return [];
        const path = fieldPath("ppo", name);
        const message = `${findField("ppo", name)?.label}: only 1 is known to converge.`;
        return [{ severity: "warning", path, message, fix: setField("Use 1", path, 1) }];
      }),
  },
  {
    id: "unsupervised-incomplete",
    check: ({ value }) => {
      const hasName = value("ppo", "unsupervised_dataset_name") !== null;
      if (hasName === (value("ppo", "unsupervised_dataset_config_name") !== null)) return [];
      const message =
        "The pre-training loss is used only when both the data set and its configuration are given.";
      return [{ severity: "warning", path: fieldPath("ppo", "unsupervised_dataset_name"), message }];
    },
  },
  { id: "unsupervised-coefficient", check: unsupervisedCoefficient },
  {
    // The three main.py add the token to their tokenizer only where they are told to.
    id: "eot-token-differs",
    check: ({ value }) => {
      const wanted = value("reward", "add_eot_token") === true;
      if (EOT_STAGES.every((stage) => (value(stage, "add_eot_token") === true) === wanted)) return [];
      return [
        {
          severity: "warning",
          path: fieldPath("ppo", "add_eot_token"),
          message:
            "One stage has a token of its own for the end of a text and another has not: PPO ends answers by a token that its models were not all trained with.",
          fix: {
            label: wanted ? "Use it in all stages" : "Use it in none",
            changes: EOT_STAGES.map((stage) => ({ path: fieldPath(stage, "add_eot_token"), value: wanted })),
          },
        },
      ];
    },
  },
  { id: "test-mode", check: testMode },
  {
    id: "no-resume",
    check: () => [
      {
        severity: "note",
        path: null,
        message:
          "No stage saves checkpoints while it trains, and none resumes: a stage that ends early starts again.",
      },
    ],
  },
];

function unsupervisedCoefficient({ parameters, value, number }: RuleInput): Found[] {
  const isUsed =
    value("ppo", "unsupervised_dataset_name") !== null &&
    value("ppo", "unsupervised_dataset_config_name") !== null;
  const path = fieldPath("ppo", "unsup_coef");
  if (isUsed && number("ppo", "unsup_coef") === UNSTABLE_COEFFICIENT) {
    const message = `The coefficient ${UNSTABLE_COEFFICIENT} made PPO unstable for the authors of DeepSpeed-Chat; try a smaller one.`;
    return [{ severity: "warning", path, message }];
  }
  if (isUsed || typeof parameters.stages.ppo.fields.unsup_coef !== "number") return [];
  const message = "It weighs the pre-training loss, which needs a data set of its own.";
  return [{ severity: "note", path, message, fix: setField("Leave it out", path, null) }];
}

/** main of step 3 leaves the epoch when the count of steps without overflow is the one to stop at, and then ends. */
function testMode({ value, number }: RuleInput): Found[] {
  if (value("ppo", "enable_test_mode") !== true) return [];
  const stop = number("ppo", "test_stop_step");
  const path = fieldPath("ppo", "enable_test_mode");
  const message =
    stop > 0
      ? `Test mode ends PPO after ${stop} steps without overflow, and saves what it has.`
      : "Test mode without a step to stop at ends PPO after its first epoch.";
  return [{ severity: "warning", path, message, fix: setField("Turn test mode off", path, false) }];
}
