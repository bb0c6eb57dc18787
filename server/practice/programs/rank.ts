import { existsSync } from "node:fs";
import { setPriority } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { DataError } from "../data/data-error";
import { OutOfMemoryError, PublishedDeviceUse } from "../devices/device-use";
import { CheckpointError } from "../model/checkpoint";
import { createTrainingLog, writeFully } from "../output/log";
import { type FlagTable, parseArguments, UsageError, usage } from "../training/argument-parser";
import { PPO_FLAGS, type PpoArguments, REWARD_FLAGS, SFT_FLAGS } from "../training/flags";
import { LossScaleError } from "../training/loss-scaler";
import { trainPpo } from "../training/ppo";
import { trainReward } from "../training/reward";
import { trainSft } from "../training/sft";
import type { StageContext } from "../training/stage-context";

const NICENESS = 5;

type Stage = "sft" | "reward" | "ppo";

/** What `python main.py …` is on a real node: chooses the stage, parses its flags, trains. @returns the exit status */
export function runRank(options: {
  practiceDirectory: string;
  devices: number[];
  script: string;
  argv: readonly string[];
  /** PYTHONPATH */
  pythonPath: string;
}): number {
  const { script, argv, devices } = options;
  if (!existsSync(script)) {
    writeFully(2, `python3: can't open file '${resolve(script)}': [Errno 2] No such file or directory\n`);
    return 2;
  }
  // The dashboard on the same machine comes first.
  setPriority(NICENESS);
  const stage = chooseStage(script, argv);
  const device = new PublishedDeviceUse({
    practiceDirectory: options.practiceDirectory,
    devices,
    program: process.execPath,
  });
  const log = createTrainingLog();
  try {
    trainStage(stage, argv, { log, worldSize: devices.length, device, pythonPath: options.pythonPath });
    return 0;
  } catch (error) {
    return reportFailure(error, stage, script);
  } finally {
    device.release();
  }
}

/** By the directory that main.py stands in, as they are named in DeepSpeed-Chat; else by flags that only one stage has. */
function chooseStage(script: string, argv: readonly string[]): Stage {
  const directory = basename(dirname(resolve(script)));
  if (directory.startsWith("step1")) return "sft";
  if (directory.startsWith("step2")) return "reward";
  if (directory.startsWith("step3")) return "ppo";
  if (argv.some((word) => word.startsWith("--actor_model_name_or_path"))) return "ppo";
  return argv.some((word) => word.startsWith("--num_padding_at_beginning")) ? "reward" : "sft";
}

const TABLES = { sft: SFT_FLAGS, reward: REWARD_FLAGS, ppo: PPO_FLAGS } satisfies Record<Stage, FlagTable>;

function trainStage(stage: Stage, argv: readonly string[], context: StageContext): void {
  const announce = (args: Record<string, unknown>) => {
    checkCounts(args);
    context.log.print(
      `[practice] ${context.worldSize} simulated device(s), one process on the CPU: a tiny language model is trained for real. ` +
        "LoRA, ZeRO, offload, dropout and checkpointing flags are accepted and change nothing.",
    );
  };
  if (stage === "sft") {
    const args = parseArguments(SFT_FLAGS, argv);
    announce(args);
    trainSft(args, context);
  } else if (stage === "reward") {
    const args = parseArguments(REWARD_FLAGS, argv);
    announce(args);
    trainReward(args, context);
  } else {
    const args = parseArguments(PPO_FLAGS, argv);
    checkPpo(args);
    announce(args);
    trainPpo(args, context);
  }
}

class PythonError extends Error {
  readonly exception: string;
  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

const COUNTS =
  /batch_size$|^gradient_accumulation_steps$|^generation_batches$|^ppo_epochs$|_seq_len$|_interval$/;

function checkCounts(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) {
    if (!COUNTS.test(name) || name === "eval_interval" || typeof value !== "number" || value >= 1) continue;
    throw new PythonError(
      "ValueError",
      `${name} should be a positive integer value, but got ${name}=${value}`,
    );
  }
}

/** The two checks of step 3's parse_args. */
function checkPpo(args: PpoArguments): void {
  if (args.inference_tp_size > 1 && args.actor_zero_stage !== 3) {
    throw new PythonError(
      "AssertionError",
      "Zero stage 3 must be used to do Tensor sharding in the hybrid engine",
    );
  }
  const isUnstable =
    args.actor_zero_stage === 2 &&
    args.critic_zero_stage === 2 &&
    args.enable_hybrid_engine &&
    args.offload &&
    args.actor_lora_dim === 0;
  if (!isUnstable) return;
  throw new PythonError(
    "ValueError",
    "The combination of [actor_zero_stage==2, critic_zero_stage==2, enable_hybrid_engine=True, offload=True, lora=False] " +
      "is currently unsupported due to training instability!",
  );
}

function reportFailure(error: unknown, stage: Stage, script: string): number {
  if (error instanceof UsageError) {
    writeFully(
      2,
      `${usage(basename(script), TABLES[stage])}\n${basename(script)}: error: ${error.message}\n`,
    );
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  const name = exceptionName(error);
  const frames = `  File "${resolve(script)}", in <module>\n    main()\n`;
  const stack = name === "Exception" && error instanceof Error ? `${error.stack}\n` : "";
  writeFully(2, `Traceback (most recent call last):\n${frames}${stack}${name}: ${message}\n`);
  return 1;
}

function exceptionName(error: unknown): string {
  if (error instanceof LossScaleError) return "RuntimeError";
  if (error instanceof DataError || error instanceof PythonError) return error.exception;
  if (error instanceof OutOfMemoryError) return "torch.OutOfMemoryError";
  if (error instanceof CheckpointError) {
    return error.message.startsWith("Cannot find model checkpoint") ? "AssertionError" : "OSError";
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") return "PermissionError";
  return code === undefined ? "Exception" : "OSError";
}
