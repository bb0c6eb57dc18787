import { findField } from "../fields";
import { type Found, fieldPath, type Rule, setField } from "./rule";

/** What step 3 refuses, and what its README knows of convergence. */
export const PPO_RULES: readonly Rule[] = [
  {
    id: "zero2-hybrid-offload",
    check: ({ value }) => {
      const isRefused =
        value("ppo", "actor_zero_stage") === 2 &&
        value("ppo", "critic_zero_stage") === 2 &&
        value("ppo", "enable_hybrid_engine") === true &&
        value("ppo", "offload") === true &&
        value("ppo", "actor_lora_dim") === 0;
      if (!isRefused) return [];
      const path = fieldPath("ppo", "offload");
      const message =
        "The program refuses ZeRO 2 for actor and critic with the hybrid engine and offload but without LoRA: it is unstable.";
      return [{ severity: "error", path, message, fix: setField("Turn offload off", path, false) }];
    },
  },
  {
    id: "tensor-parallel-without-zero3",
    check: ({ value, number }) => {
      if (!(number("ppo", "inference_tp_size") > 1) || value("ppo", "actor_zero_stage") === 3) return [];
      return [
        {
          severity: "error",
          path: fieldPath("ppo", "inference_tp_size"),
          message: "Inference tensor parallelism needs actor ZeRO stage 3.",
          fix: setField("Use actor ZeRO stage 3", fieldPath("ppo", "actor_zero_stage"), 3),
        },
      ];
    },
  },
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
