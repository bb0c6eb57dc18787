import type { QuietCase, RuleCase } from "./rule-case";

const PPO = "stages.ppo.fields";

const NAMED_CASES: readonly RuleCase[] = [
  {
    rule: "padding-at-beginning",
    when: "OPT's reward model has none",
    fields: { reward: { num_padding_at_beginning: 0 } },
    severity: "warning",
    path: "stages.reward.fields.num_padding_at_beginning",
    fix: { "stages.reward.fields.num_padding_at_beginning": 1 },
  },
  {
    rule: "padding-at-beginning",
    when: "PPO differs, which does not read it",
    fields: { ppo: { num_padding_at_beginning: 0 } },
    severity: "note",
    path: `${PPO}.num_padding_at_beginning`,
    fix: { [`${PPO}.num_padding_at_beginning`]: 1 },
  },
  {
    rule: "tokenizers-differ",
    when: "Llama 2 is scored by Llama 3",
    fields: {
      sft: { model_name_or_path: "meta-llama/Llama-2-7b-hf" },
      reward: { model_name_or_path: "meta-llama/Meta-Llama-3-8B" },
    },
    severity: "warning",
    path: "stages.reward.fields.model_name_or_path",
  },
  {
    rule: "critic-larger",
    when: "350M is scored by 1.3B",
    fields: {
      sft: { model_name_or_path: "facebook/opt-350m" },
      reward: { model_name_or_path: "facebook/opt-1.3b" },
    },
    severity: "note",
    path: "stages.reward.fields.model_name_or_path",
  },
  {
    rule: "bloom-reward-model",
    when: "step 2 meets its mistyped name",
    preset: "bloom-1b1-chinese-single-node",
    fields: { reward: { model_name_or_path: "bigscience/bloom-560m" } },
    severity: "error",
    path: "stages.reward.fields.model_name_or_path",
    fix: { "stages.reward.fields.model_name_or_path": "bigscience/bloomz-560m" },
  },
  {
    rule: "sequence-too-long",
    when: "OPT has no more positions",
    fields: { ppo: { max_prompt_seq_len: 1024, max_answer_seq_len: 1025 } },
    severity: "error",
    path: `${PPO}.max_answer_seq_len`,
    fix: { [`${PPO}.max_answer_seq_len`]: 1024 },
  },
  {
    rule: "sequence-too-long",
    when: "Llama loses the thread",
    preset: "llama-2-7b-single-node",
    fields: { sft: { max_seq_len: 8192 } },
    severity: "warning",
    path: "stages.sft.fields.max_seq_len",
    fix: { "stages.sft.fields.max_seq_len": 4096 },
  },
  {
    rule: "reward-reads-less",
    when: "PPO's texts are longer",
    fields: { reward: { max_seq_len: 256 } },
    severity: "note",
    path: "stages.reward.fields.max_seq_len",
    fix: { "stages.reward.fields.max_seq_len": 512 },
  },
];

const PPO_CASES: readonly RuleCase[] = [
  {
    rule: "mixed-precision-lora",
    when: "there is no LoRA",
    fields: { ppo: { enable_mixed_precision_lora: true } },
    severity: "error",
    path: `${PPO}.enable_mixed_precision_lora`,
    fix: { [`${PPO}.enable_mixed_precision_lora`]: false },
  },
  {
    rule: "align-overflow",
    when: "it is on",
    fields: { ppo: { align_overflow: true } },
    severity: "error",
    path: `${PPO}.align_overflow`,
    fix: { [`${PPO}.align_overflow`]: false },
  },
  {
    rule: "unequal-batches",
    when: "more is generated than trained on",
    fields: { ppo: { per_device_generation_batch_size: 8 } },
    severity: "warning",
    path: `${PPO}.per_device_training_batch_size`,
    fix: { [`${PPO}.per_device_training_batch_size`]: 8 },
  },
  {
    rule: "ppo-repeats",
    when: "answers are learned from twice",
    fields: { ppo: { ppo_epochs: 2 } },
    severity: "warning",
    path: `${PPO}.ppo_epochs`,
    fix: { [`${PPO}.ppo_epochs`]: 1 },
  },
  {
    rule: "unsupervised-incomplete",
    when: "the configuration is missing",
    fields: { ppo: { unsupervised_dataset_name: "wikitext" } },
    severity: "warning",
    path: `${PPO}.unsupervised_dataset_name`,
  },
  {
    rule: "unsupervised-coefficient",
    when: "the default weighs the pre-training loss",
    fields: {
      ppo: {
        unsupervised_dataset_name: "wikitext",
        unsupervised_dataset_config_name: "wikitext-103-raw-v1",
      },
    },
    severity: "warning",
    path: `${PPO}.unsup_coef`,
  },
  {
    rule: "unsupervised-coefficient",
    when: "there is nothing to weigh",
    fields: { ppo: { unsup_coef: 1 } },
    severity: "note",
    path: `${PPO}.unsup_coef`,
    fix: { [`${PPO}.unsup_coef`]: null },
  },
  {
    rule: "eot-token-differs",
    when: "the reward model alone has the token",
    fields: { reward: { add_eot_token: true } },
    severity: "warning",
    path: `${PPO}.add_eot_token`,
    fix: {
      "stages.sft.fields.add_eot_token": true,
      "stages.reward.fields.add_eot_token": true,
      [`${PPO}.add_eot_token`]: true,
    },
  },
  {
    rule: "test-mode",
    when: "it is on",
    fields: { ppo: { enable_test_mode: true, test_stop_step: 20 } },
    severity: "warning",
    path: `${PPO}.enable_test_mode`,
    fix: { [`${PPO}.enable_test_mode`]: false },
  },
];

export const MODEL_CASES: readonly RuleCase[] = [...NAMED_CASES, ...PPO_CASES];

export const QUIET_MODEL_CASES: readonly QuietCase[] = [
  { rule: "tokenizers-differ", when: "both are OPT" },
  {
    rule: "critic-larger",
    when: "they are as large",
    fields: { reward: { model_name_or_path: "facebook/opt-1.3b" } },
  },
  {
    rule: "bloom-reward-model",
    when: "it is below another name",
    fields: { reward: { model_name_or_path: "/models/bloom-560m" } },
  },
  { rule: "sequence-too-long", when: "every position is used", fields: { sft: { max_seq_len: 2048 } } },
  {
    rule: "unsupervised-coefficient",
    when: "a smaller one weighs the pre-training loss",
    fields: {
      ppo: {
        unsup_coef: 1,
        unsupervised_dataset_name: "wikitext",
        unsupervised_dataset_config_name: "wikitext-103-raw-v1",
      },
    },
  },
];
