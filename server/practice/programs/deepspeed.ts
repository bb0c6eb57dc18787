import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { createTrainingLog, type TrainingLog, writeFully } from "../output/log";
import { pythonList } from "../output/python-format";
import { UsageError } from "../training/argument-parser";
import { LaunchError, type LaunchOptions, parseLaunchOptions } from "./launcher-options";
import { runRank } from "./rank";

/** argv: the practice directory, then either `--rank DEVICES SCRIPT …` (what we start ourselves) or a deepspeed command line. */
const KILL_AFTER_MS = 30_000;
const [practiceDirectory = "", ...words] = process.argv.slice(2);

if (words[0] === "--rank") {
  const devices = (words[1] ?? "0").split(",").map(Number);
  process.exitCode = runRank({
    practiceDirectory,
    devices,
    script: words[2] ?? "main.py",
    argv: words.slice(3),
    pythonPath: process.env.PYTHONPATH ?? "",
  });
} else {
  launch();
}

function launch(): void {
  const log = createTrainingLog();
  const options = readOptions();
  if (options === null) return;
  for (const note of options.notes) log.print(note);
  const command = announce(log, options);
  const rankArguments = ["--rank", options.devices.join(","), options.script, "--local_rank=0"];
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      process.argv[1] ?? "",
      practiceDirectory,
      ...rankArguments,
      ...options.scriptArguments,
    ],
    { stdio: "inherit", env: rankEnvironment(options) },
  );
  log.info("launch.py:272:main", `process ${child.pid} spawned with command: ${pythonList(command)}`);
  supervise(log, child, command);
}

function readOptions(): LaunchOptions | null {
  try {
    return parseLaunchOptions(words, {
      practiceDirectory,
      visibleDevices: process.env.CUDA_VISIBLE_DEVICES ?? "",
    });
  } catch (error) {
    if (error instanceof UsageError) {
      writeFully(
        2,
        `usage: deepspeed [-h] [--include INCLUDE] [--num_gpus NUM_GPUS] [--master_port MASTER_PORT] user_script ...\n`,
      );
      writeFully(2, `deepspeed: error: ${error.message}\n`);
      process.exitCode = 2;
      return null;
    }
    if (!(error instanceof LaunchError)) throw error;
    writeFully(
      2,
      `Traceback (most recent call last):\n  File "deepspeed", in <module>\n    main()\nValueError: ${error.message}\n`,
    );
    process.exitCode = 1;
    return null;
  }
}

function announce(log: TrainingLog, options: LaunchOptions): string[] {
  const { devices } = options;
  const list = `[${devices.join(", ")}]`;
  const ranks = `[${devices.map((_, rank) => rank).join(", ")}]`;
  const world = Buffer.from(JSON.stringify({ localhost: devices })).toString("base64url");
  const launcher = ["python3", "-u", "-m", "deepspeed.launcher.launch", `--world_info=${world}`];
  launcher.push(
    `--master_addr=${options.masterAddress}`,
    `--master_port=${options.masterPort}`,
    "--log_level=info",
  );
  log.info(
    "runner.py:630:main",
    `cmd = ${[...launcher, options.script, ...options.scriptArguments].join(" ")}`,
  );
  log.info("launch.py:162:main", `WORLD INFO DICT: {'localhost': ${list}}`);
  log.info("launch.py:168:main", `nnodes=1, num_local_procs=${devices.length}, node_rank=0`);
  log.info("launch.py:179:main", `global_rank_mapping=defaultdict(<class 'list'>, {'localhost': ${ranks}})`);
  log.info("launch.py:180:main", `dist_world_size=${devices.length}`);
  log.info("launch.py:184:main", `Setting CUDA_VISIBLE_DEVICES=${devices.join(",")}`);
  return ["python3", "-u", options.script, "--local_rank=0", ...options.scriptArguments];
}

function rankEnvironment(options: LaunchOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CUDA_VISIBLE_DEVICES: options.devices.join(","),
    MASTER_ADDR: options.masterAddress,
    MASTER_PORT: options.masterPort,
    WORLD_SIZE: String(options.devices.length),
    RANK: "0",
    LOCAL_RANK: "0",
  };
}

/** Ends as deepspeed does: with the rank's status, 256 − n for a rank that signal n killed, by the signal when told to stop. */
function supervise(log: TrainingLog, child: ChildProcess, command: readonly string[]): void {
  let stopSignal: "SIGTERM" | "SIGINT" | null = null;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopSignal !== null) return;
      stopSignal = signal;
      log.info("launch.py:335:sigkill_handler", `Killing subprocess ${child.pid}`);
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
    });
  }
  child.on("exit", (code, signal) => {
    if (stopSignal !== null) {
      log.info("launch.py:344:sigkill_handler", `Main process received ${stopSignal}, exiting`);
      process.removeAllListeners(stopSignal);
      process.kill(process.pid, stopSignal);
      return;
    }
    const status = signal === null ? (code ?? 1) : -constants.signals[signal];
    if (status === 0) {
      log.info("launch.py:367:main", `Process ${child.pid} exits successfully.`);
      return;
    }
    log.info("launch.py:335:sigkill_handler", `Killing subprocess ${child.pid}`);
    log.error("launch.py:341:sigkill_handler", `${pythonList(command)} exits with return code = ${status}`);
    process.exitCode = status & 255;
  });
}
