import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunView } from "../server/contracts/runs";
import {
  encodeEvent,
  encodeRecord,
  fileVersionEvent,
  simpleValue,
} from "../server/testing/event-file-writer";
import { waitUntil } from "../server/testing/processes";
import type { BenchYard } from "./bench-product";

/** A running attempt of the first stage; the bench writes what its training would write, into the same files. */
export interface BenchAttempt {
  runId: string;
  logPath: string;
  appendLog: (line: string) => void;
  /** One event a step, with all its tags, flushed at once. */
  appendEvents: (steps: readonly EventStep[]) => void;
}
export interface EventStep {
  step: number;
  values: Readonly<Record<string, number>>;
}

export async function startBenchAttempt({ node, product, nodeId }: BenchYard): Promise<BenchAttempt> {
  node.keepTrainings();
  const { id: runId } = await product.startRun(nodeId);
  let attemptId = "";
  await waitUntil(async () => {
    const { stages } = await product.api.get(`/runs/${runId}`, RunView);
    const attempt = stages.find(({ kind }) => kind === "sft")?.attempts.at(-1);
    attemptId = attempt?.status === "running" ? attempt.id : "";
    return attemptId !== "";
  }, "the first stage to run");
  const directory = join(node.sshd.homeDirectory, ".trainyard/attempts", attemptId);
  const start = node.starts().find(({ outputDirectory }) => outputDirectory.includes("sft"));
  if (start === undefined) throw new Error("the first stage has not started");
  // Where DeepSpeed-Chat's first stage writes below its --tensorboard_path.
  const eventDirectory = join(start.tensorboardPath, "ds_tensorboard_logs/step1_model_tensorboard");
  const eventPath = join(eventDirectory, "events.out.tfevents.1700000000.bench.1.v2");
  mkdirSync(eventDirectory, { recursive: true });
  writeFileSync(eventPath, encodeRecord(fileVersionEvent(Date.now() / 1000)));
  const logPath = join(directory, "training.log");
  return {
    runId,
    logPath,
    appendLog: (line) => appendFileSync(logPath, `${line}\n`),
    appendEvents: (steps) => appendFileSync(eventPath, Buffer.concat(steps.map(encodeStep))),
  };
}

function encodeStep({ step, values }: EventStep): Buffer {
  const encoded = Object.entries(values).map(([tag, value]) => simpleValue(tag, value));
  return encodeRecord(encodeEvent({ wallTime: Date.now() / 1000, step, values: encoded }));
}
