import {
  type Arguments,
  choice,
  float,
  int,
  list,
  optionalText,
  requiredText,
  text,
  toggle,
} from "./argument-parser";
import { SCHEDULES } from "./schedule";

const DTYPES = ["fp16", "bf16"] as const;

/** What deepspeed.add_config_arguments adds to every program. */
const DEEPSPEED_FLAGS = {
  deepspeed: toggle(),
  deepspeed_config: optionalText(),
};

const SHARED_FLAGS = {
  data_path: list(["Dahoas/rm-static"]),
  data_split: text("2,4,4"),
  data_output_path: text("/tmp/data_files/"),
  num_train_epochs: int(1),
  gradient_accumulation_steps: int(1),
  lr_scheduler_type: choice(SCHEDULES, "cosine"),
  output_dir: optionalText(),
  local_rank: int(-1),
  offload: toggle(),
  dtype: choice(DTYPES, "fp16"),
  only_optimize_lora: toggle(),
  compute_fp32_loss: toggle(),
  enable_tensorboard: toggle(),
  add_eot_token: toggle(),
};

const SUPERVISED_FLAGS = {
  ...SHARED_FLAGS,
  model_name_or_path: requiredText(),
  per_device_train_batch_size: int(16),
  per_device_eval_batch_size: int(16),
  max_seq_len: int(512),
  weight_decay: float(0),
  num_warmup_steps: int(0),
  seed: int(1234),
  gradient_checkpointing: toggle(),
  dropout: float(null),
  zero_stage: int(0),
  lora_dim: int(0),
  lora_module_name: text("decoder.layers."),
  lora_learning_rate: float(5e-4),
};

/** step1_supervised_finetuning/main.py */
export const SFT_FLAGS = {
  ...SUPERVISED_FLAGS,
  sft_only_data_path: list([]),
  learning_rate: float(1e-3),
  tensorboard_path: text("step1_tensorboard"),
  eot_token: text("<|endoftext|>"),
  print_loss: toggle(),
  ...DEEPSPEED_FLAGS,
};
export type SftArguments = Arguments<typeof SFT_FLAGS>;

/** step2_reward_model_finetuning/main.py */
export const REWARD_FLAGS = {
  ...SUPERVISED_FLAGS,
  num_padding_at_beginning: int(1),
  learning_rate: float(5e-5),
  eval_interval: int(0),
  eval_iters: int(100),
  tensorboard_path: text("step2_tensorboard"),
  ...DEEPSPEED_FLAGS,
};
export type RewardArguments = Arguments<typeof REWARD_FLAGS>;

/** step3_rlhf_finetuning/main.py */
export const PPO_FLAGS = {
  ...SHARED_FLAGS,
  data_output_path: text("/tmp/data_files"),
  unsupervised_dataset_name: optionalText(),
  unsupervised_dataset_config_name: optionalText(),
  unsup_coef: float(27.8),
  actor_model_name_or_path: requiredText(),
  critic_model_name_or_path: requiredText(),
  num_padding_at_beginning: int(1),
  per_device_generation_batch_size: int(16),
  per_device_training_batch_size: int(16),
  generation_batches: int(1),
  ppo_epochs: int(1),
  max_prompt_seq_len: int(256),
  max_answer_seq_len: int(256),
  actor_learning_rate: float(9.65e-6),
  critic_learning_rate: float(5e-6),
  actor_weight_decay: float(0),
  critic_weight_decay: float(0),
  num_warmup_steps: int(100),
  seed: int(null),
  preprocessing_num_workers: int(null),
  enable_hybrid_engine: toggle(),
  unpin_actor_parameters: toggle(),
  release_inference_cache: toggle(),
  inference_tp_size: int(1),
  tp_gather_partition_size: int(8),
  offload_reference_model: toggle(),
  offload_reward_model: toggle(),
  actor_zero_stage: int(0),
  critic_zero_stage: int(0),
  actor_gradient_checkpointing: toggle(),
  critic_gradient_checkpointing: toggle(),
  actor_dropout: float(null),
  critic_dropout: float(null),
  actor_lora_dim: int(0),
  actor_lora_module_name: text("decoder.layers."),
  critic_lora_dim: int(0),
  critic_lora_module_name: text("decoder.layers."),
  actor_lora_learning_rate: float(5e-4),
  critic_lora_learning_rate: float(5e-4),
  enable_ema: toggle(),
  enable_mixed_precision_lora: toggle(),
  tensorboard_path: text("step3_tensorboard"),
  align_overflow: toggle(),
  print_answers: toggle(),
  print_answers_interval: int(1),
  enable_test_mode: toggle(),
  test_stop_step: int(0),
  ...DEEPSPEED_FLAGS,
};
export type PpoArguments = Arguments<typeof PPO_FLAGS>;
