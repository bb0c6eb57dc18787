import type { StageKind } from "../../contracts/statuses";

/** Where each stage's program lies below applications/DeepSpeed-Chat, and what it leaves behind. */
export const STAGE_LAYOUT = {
  sft: {
    program: "training/step1_supervised_finetuning",
    eventDirectories: ["ds_tensorboard_logs/step1_model_tensorboard"],
    checkpoints: [""],
  },
  reward: {
    program: "training/step2_reward_model_finetuning",
    eventDirectories: ["ds_tensorboard_logs/step2_model_tensorboard"],
    checkpoints: [""],
  },
  ppo: {
    program: "training/step3_rlhf_finetuning",
    eventDirectories: [
      "step3_tensorboard_logs",
      "ds_tensorboard_logs/step3_actor_tensorboard",
      "ds_tensorboard_logs/step3_critic_tensorboard",
    ],
    checkpoints: ["actor/", "critic/"],
  },
} as const satisfies Record<
  StageKind,
  { program: string; eventDirectories: readonly string[]; checkpoints: readonly string[] }
>;

/** The folder that holds training/ and dschat/: inside a DeepSpeedExamples checkout, or given directly. */
export function applicationDirectory(examplesDirectory: string): string {
  const directory = examplesDirectory.replace(/\/+$/, "");
  return directory.endsWith("/DeepSpeed-Chat") ? directory : `${directory}/applications/DeepSpeed-Chat`;
}
