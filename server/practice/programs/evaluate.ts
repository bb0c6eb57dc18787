import { appendFileSync, closeSync, openSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { type EvaluationLine, EvaluationRequest } from "../../contracts/evaluations";
import { PublishedDeviceUse } from "../devices/device-use";
import { listDevices, parseDeviceList } from "../devices/devices";
import { type LoadedModel, loadModel, readCheckpoint } from "../model/checkpoint";
import { generate } from "../model/generate";
import { createRandom } from "../model/random";
import { createTrunkState, packSequences, trunkForward } from "../model/trunk";
import { valueForward } from "../model/value-head";
import { writeFully } from "../output/log";

/** argv: the practice directory, request.json, answers.jsonl. Speaks the protocol of contracts/evaluations.ts. */
const [practiceDirectory = "", requestFile, answersFile] = process.argv.slice(2);
/** An answer in progress is written again after so many words. */
const PARTIAL_EVERY = 8;

type Line = z.input<typeof EvaluationLine>;

main();

function main(): void {
  if (requestFile === undefined || answersFile === undefined) {
    writeFully(2, "usage: trainyard-evaluate request.json answers.jsonl\n");
    process.exitCode = 2;
    return;
  }
  const devices = parseDeviceList(
    process.env.CUDA_VISIBLE_DEVICES ?? "0",
    listDevices(practiceDirectory),
  ) ?? [0];
  const device = new PublishedDeviceUse({ practiceDirectory, devices, program: process.execPath });
  try {
    evaluate(readRequest(requestFile), createWriter(answersFile), device);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    writeFully(2, `trainyard-evaluate: ${message}\n`);
    process.exitCode = 1;
  } finally {
    device.release();
  }
}

function readRequest(file: string): EvaluationRequest {
  const request = EvaluationRequest.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (request.success) return request.data;
  throw new Error(
    `${file}: ${request.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
  );
}

function createWriter(file: string): (line: Line) => void {
  closeSync(openSync(file, "a"));
  return (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
}

function evaluate(request: EvaluationRequest, write: (line: Line) => void, device: PublishedDeviceUse): void {
  const reward = request.rewardModel === null ? null : readCheckpoint(request.rewardModel.path);
  for (const { key, label, path } of request.models) {
    const message = `${label}: loading ${path}`;
    write({ type: "progress", message });
    writeFully(1, `${message}\n`);
    const model = loadModel(path);
    request.prompts.forEach((prompt, promptIndex) => {
      const ids = model.tokenizer.encode(prompt);
      device.holdTokens(ids.length + request.settings.maxNewTokens);
      const answer = answerPrompt(model, ids, request, { promptIndex, model: key }, write);
      if (reward !== null) {
        write({
          type: "score",
          promptIndex,
          model: key,
          rewardScore: scoreAnswer(reward, model, ids, answer),
        });
      }
    });
    writeFully(1, `${label}: ${request.prompts.length} answers\n`);
  }
  write({ type: "done" });
}

/** Writes the answer as it grows, then whole. @returns its tokens, the end token included */
function answerPrompt(
  model: LoadedModel,
  prompt: readonly number[],
  request: EvaluationRequest,
  at: Pick<Extract<Line, { type: "answer" }>, "promptIndex" | "model">,
  write: (line: Line) => void,
): number[] {
  const startedAt = performance.now();
  const { parameters, tokenizer } = model;
  const answer = generate(parameters, tokenizer, prompt, {
    settings: request.settings,
    random: createRandom(request.settings.seed + at.promptIndex),
    onToken(tokens) {
      if (tokens.length % PARTIAL_EVERY !== 0) return;
      write({ type: "answer", ...at, text: tokenizer.decode(tokens), isComplete: false });
    },
  });
  const hasEnded = answer[answer.length - 1] === tokenizer.endId;
  write({
    type: "answer",
    ...at,
    text: tokenizer.decode(answer),
    isComplete: true,
    tokenCount: answer.length,
    finishReason: hasEnded ? "stop" : "length",
    durationMs: Math.round(10 * (performance.now() - startedAt)) / 10,
  });
  return answer;
}

/**
 * The reward model's value at the end token, read in its own vocabulary. An answer that was cut short gets the token first:
 * every answer that the model was trained on had one.
 */
function scoreAnswer(
  reward: LoadedModel,
  model: LoadedModel,
  prompt: readonly number[],
  answer: readonly number[],
): number {
  const isCut = answer[answer.length - 1] !== model.tokenizer.endId;
  const ids = [...prompt, ...answer, ...(isCut ? [model.tokenizer.endId] : [])];
  const words = ids.map((id) => model.tokenizer.words[id] ?? "");
  const known = new Map(reward.tokenizer.words.map((word, id) => [word, id]));
  const batch = packSequences([words.map((word) => known.get(word) ?? reward.tokenizer.unknownId)]);
  const state = createTrunkState();
  trunkForward(reward.parameters, batch, state);
  const values = valueForward(reward.parameters, state, batch.ids.length);
  return values[values.length - 1] ?? 0;
}
