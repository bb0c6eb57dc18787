import { findField } from "../fields";
import { modelFamily } from "../model-family";
import { type Found, fieldPath, modelName, type Rule, type RuleInput, setField } from "./rule";
import { isAtLeast } from "./version";

const NEEDS_IT = ["unpin_actor_parameters", "release_inference_cache"] as const;

/** PPO's generation (parse_args of step 3, deepspeed/runtime/hybrid_engine.py). */
export const HYBRID_ENGINE_RULES: readonly Rule[] = [
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
    // create_inference_module makes world size // tp size groups: a GPU left over has none and fails.
    id: "tensor-parallel-gpus",
    check: ({ value, number, gpuCount }) => {
      const size = number("ppo", "inference_tp_size");
      const gpus = gpuCount("ppo");
      if (value("ppo", "enable_hybrid_engine") !== true || !(size > 1) || gpus % size === 0) return [];
      const path = fieldPath("ppo", "inference_tp_size");
      const message = `${gpus} GPUs cannot be divided into groups of ${size} that generate together.`;
      const fitting = largestDivisor(gpus, size);
      return [{ severity: "error", path, message, fix: setField(`Use ${fitting}`, path, fitting) }];
    },
  },
  { id: "needs-hybrid-engine", check: withoutHybridEngine },
  {
    id: "needs-tensor-parallel",
    check: ({ parameters, number }) => {
      const given = parameters.stages.ppo.fields.tp_gather_partition_size;
      const isDefault = given === findField("ppo", "tp_gather_partition_size")?.default;
      if (typeof given !== "number" || isDefault || number("ppo", "inference_tp_size") > 1) return [];
      const path = fieldPath("ppo", "tp_gather_partition_size");
      const message = "It has no effect without inference tensor parallelism.";
      return [{ severity: "note", path, message, fix: setField("Leave it out", path, null) }];
    },
  },
  {
    // populate_all_inference_policies of DeepSpeed 0.19.8 leaves out OPT layers that take transformers' Cache.
    id: "hybrid-engine-native",
    check: (input) => {
      const { deepspeed, transformers } = input.node;
      const isSkipped =
        input.value("ppo", "enable_hybrid_engine") === true &&
        modelFamily(modelName(input, "ppo")) === "OPT" &&
        isAtLeast(deepspeed ?? "0", [0, 19, 8]) &&
        isAtLeast(transformers ?? "0", [4, 57, 0]);
      if (!isSkipped) return [];
      return [
        {
          severity: "note",
          path: fieldPath("ppo", "enable_hybrid_engine"),
          message: `DeepSpeed ${deepspeed} has no kernels for OPT as transformers ${transformers} builds it: it generates by the model's own code, as without the hybrid engine.`,
        },
      ];
    },
  },
];

function largestDivisor(count: number, limit: number): number {
  for (let size = Math.min(limit, count); size > 1; size -= 1) if (count % size === 0) return size;
  return 1;
}

function withoutHybridEngine({ value, number }: RuleInput): Found[] {
  if (value("ppo", "enable_hybrid_engine") === true) return [];
  const switches = NEEDS_IT.filter((name) => value("ppo", name) === true).map((name) => ({
    name,
    off: false,
  }));
  const size = number("ppo", "inference_tp_size") > 1 ? [{ name: "inference_tp_size", off: 1 }] : [];
  return [...switches, ...size].map(({ name, off }) => {
    const path = fieldPath("ppo", name);
    return {
      severity: "warning",
      path,
      message: "It has no effect without the hybrid engine.",
      fix: setField(off === 1 ? "Use 1" : "Turn it off", path, off),
    };
  });
}
