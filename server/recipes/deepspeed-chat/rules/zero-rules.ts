import { STAGE_LABEL } from "../../../contracts/statuses";
import { findField } from "../fields";
import { type Found, fieldPath, type Rule, type RuleInput, setField, unlessPractice } from "./rule";
import { isAtLeast } from "./version";

/** ZeRO stages and offload (parse_args of step 3, dschat/rlhf/rlhf_engine.py, dschat/utils/ds_utils.py). */
export const ZERO_RULES: readonly Rule[] = [
  {
    id: "zero2-hybrid-offload",
    check: (input) => {
      if (!isRefused(input, zeroStages(input))) return [];
      const path = fieldPath("ppo", "offload");
      const message =
        "The program refuses ZeRO 2 for actor and critic with the hybrid engine and offload but without LoRA: it is unstable.";
      return [{ severity: "error", path, message, fix: setField("Turn offload off", path, false) }];
    },
  },
  unlessPractice({
    // --offload alone chooses DeepSpeedCPUAdam, whose step asserts that the weights lie in main memory.
    id: "offload-without-zero",
    check: (input) => [
      ...(["sft", "reward"] as const).flatMap((stage): Found[] => {
        if (input.value(stage, "offload") !== true || input.value(stage, "zero_stage") !== 0) return [];
        const path = fieldPath(stage, "zero_stage");
        const message = `${STAGE_LABEL[stage]}: offload brings the CPU's optimizer, which needs ZeRO stage 1 or more: with 0 the first step fails.`;
        return [{ severity: "error", path, message, fix: setField("Use ZeRO stage 2", path, 2) }];
      }),
      ...offloadInPpo(input),
    ],
  }),
  unlessPractice({
    // _cast_module_mixed_precision of deepspeed/runtime/engine.py: v_head, made outside zero.Init, stays in float32, and
    // defragment of runtime/zero/utils.py asserts one type. 0.19.1 still cast it.
    id: "zero3-value-head",
    check: valueHead,
  }),
  {
    // _init_ref and _init_reward: any stage but 3 is 0 for a model that only answers, and nothing is offloaded from it.
    id: "offload-no-effect",
    check: ({ value }) =>
      (
        [
          ["offload_reference_model", "actor_zero_stage"],
          ["offload_reward_model", "critic_zero_stage"],
        ] as const
      ).flatMap(([name, stageField]): Found[] => {
        if (value("ppo", name) !== true || value("ppo", stageField) === 3) return [];
        const path = fieldPath("ppo", name);
        const message = `It has an effect with ${findField("ppo", stageField)?.label} 3 only: otherwise the model stays on the GPU.`;
        return [{ severity: "warning", path, message, fix: setField("Turn it off", path, false) }];
      }),
  },
];

const VALUE_HEADS = [
  { stage: "reward", field: "zero_stage", model: "The reward model" },
  { stage: "ppo", field: "critic_zero_stage", model: "The critic" },
] as const;

function valueHead({ node, value }: RuleInput): Found[] {
  if (node.deepspeed === null || !isAtLeast(node.deepspeed, [0, 19, 2])) return [];
  return VALUE_HEADS.flatMap(({ stage, field, model }): Found[] => {
    if (value(stage, field) !== 3 || value(stage, "offload") === true) return [];
    const path = fieldPath(stage, field);
    const message = `${model} cannot start under ZeRO 3 with DeepSpeed ${node.deepspeed}, which leaves its value head in float32: an AssertionError before the first step. Use another stage, or DeepSpeed 0.19.1 and older.`;
    return [{ severity: "error", path, message, fix: setField("Use ZeRO stage 2", path, 2) }];
  });
}

interface ZeroStages {
  actor: unknown;
  critic: unknown;
}

function zeroStages({ value }: RuleInput): ZeroStages {
  return { actor: value("ppo", "actor_zero_stage"), critic: value("ppo", "critic_zero_stage") };
}

function isRefused({ value }: RuleInput, { actor, critic }: ZeroStages): boolean {
  return (
    actor === 2 &&
    critic === 2 &&
    value("ppo", "enable_hybrid_engine") === true &&
    value("ppo", "offload") === true &&
    value("ppo", "actor_lora_dim") === 0
  );
}

function offloadInPpo(input: RuleInput): Found[] {
  const stages = zeroStages(input);
  const lacking = (["actor", "critic"] as const).filter((model) => stages[model] === 0);
  const [first] = lacking;
  if (input.value("ppo", "offload") !== true || first === undefined) return [];
  const mended = { actor: stages.actor || 2, critic: stages.critic || 2 };
  // ZeRO 2 for both may be what step 3 refuses.
  const wanted = isRefused(input, mended) ? 3 : 2;
  const who = lacking.length === 2 ? "actor and critic" : first;
  return [
    {
      severity: "error",
      path: fieldPath("ppo", `${first}_zero_stage`),
      message: `PPO: offload brings the CPU's optimizer, which needs ZeRO stage 1 or more for ${who}: with 0 the first step fails.`,
      fix: {
        label: `Use ZeRO stage ${wanted}`,
        changes: lacking.map((model) => ({ path: fieldPath("ppo", `${model}_zero_stage`), value: wanted })),
      },
    },
  ];
}
