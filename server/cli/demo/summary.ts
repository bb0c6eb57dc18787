import { z } from "zod";
import { NodeFileView, ScalarsResult } from "../../contracts/attempts";
import { type EvaluationView, MODEL_KEYS } from "../../contracts/evaluations";
import type { RunView, StageView } from "../../contracts/runs";
import type { StageKind, Status } from "../../contracts/statuses";
import { SamplesResult } from "../../contracts/telemetry";
import type { ApiClient } from "./api-client";

export interface StageSummary {
  stage: StageKind;
  status: Status;
  reason: string | null;
  durationSeconds: number | null;
  scalars: number;
  tags: number;
  logBytes: number;
  telemetrySamples: number;
}

export interface DemoSummary {
  url: string;
  runId: string;
  status: Status;
  stages: StageSummary[];
  evaluation: {
    id: string;
    status: Status;
    answers: number;
    prompt: string;
    firstAnswers: { model: string; text: string; rewardScore: number | null }[];
  } | null;
  isSuccess: boolean;
}

/** What was really stored, read back through the API. */
export async function summarise(
  api: ApiClient,
  origin: string,
  run: RunView,
  evaluation: EvaluationView | null,
): Promise<DemoSummary> {
  const stages = [];
  for (const stage of run.stages) stages.push(await summariseStage(api, run.nodeId, stage));
  const complete = evaluation?.answers.filter((answer) => answer.isComplete) ?? [];
  const isSuccess =
    stages.every((stage) => stage.status === "succeeded") &&
    evaluation?.status === "succeeded" &&
    complete.length > 0;
  return {
    url: `${origin}/runs/${run.id}`,
    runId: run.id,
    status: run.status,
    stages,
    evaluation: evaluation && {
      id: evaluation.id,
      status: evaluation.status,
      answers: complete.length,
      prompt: evaluation.prompts[0] ?? "",
      firstAnswers: complete
        .filter((answer) => answer.promptIndex === 0)
        .sort((a, b) => MODEL_KEYS.indexOf(a.modelKey) - MODEL_KEYS.indexOf(b.modelKey))
        .map(({ modelKey, text, rewardScore }) => ({ model: modelKey, text, rewardScore })),
    },
    isSuccess,
  };
}

async function summariseStage(api: ApiClient, nodeId: string, stage: StageView): Promise<StageSummary> {
  const attempt = stage.attempts.at(-1);
  const base = { stage: stage.kind, status: stage.status, reason: stage.reason };
  if (!attempt)
    return { ...base, durationSeconds: null, scalars: 0, tags: 0, logBytes: 0, telemetrySamples: 0 };
  const { series } = await api.get(`/attempts/${attempt.id}/scalars?points=10`, ScalarsResult);
  const { items: files } = await api.get(
    `/attempts/${attempt.id}/log/files`,
    z.object({ items: z.array(NodeFileView) }),
  );
  return {
    ...base,
    durationSeconds: secondsBetween(stage.startedAt, stage.endedAt),
    scalars: series.reduce((sum, one) => sum + one.pointCount, 0),
    tags: new Set(series.map((one) => one.tag)).size,
    logBytes: files.filter((file) => file.kind === "log").reduce((sum, file) => sum + file.offset, 0),
    telemetrySamples: await countSamples(api, nodeId, stage, attempt.gpuUuids),
  };
}

async function countSamples(
  api: ApiClient,
  nodeId: string,
  stage: StageView,
  gpuUuids: string[],
): Promise<number> {
  if (!stage.startedAt || !stage.endedAt) return 0;
  const query = new URLSearchParams({
    from: stage.startedAt,
    to: stage.endedAt,
    points: "5000",
    fields: "memoryUsedMiB",
  });
  const { gpus } = await api.get(`/nodes/${nodeId}/samples?${query}`, SamplesResult);
  const own = gpus.filter((gpu) => gpuUuids.includes(gpu.uuid));
  return own.reduce(
    (sum, gpu) => sum + (gpu.values.memoryUsedMiB ?? []).filter((value) => value !== null).length,
    0,
  );
}

function secondsBetween(from: string | null, to: string | null): number | null {
  return from && to ? Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10 : null;
}

const number = (value: number) => value.toLocaleString("en-US");

const ANSWER_INDENT = 21;
const MAX_ANSWER_LINES = 4;

/** The summary as a person reads it, in a terminal of so many columns. */
export function summaryText(summary: DemoSummary, columns = 100): string {
  const rows = summary.stages.map((stage) =>
    tableRow([
      stage.stage,
      stage.status,
      stage.durationSeconds === null ? "" : `${stage.durationSeconds.toFixed(1)} s`,
      number(stage.scalars),
      number(stage.logBytes),
      number(stage.telemetrySamples),
    ]),
  );
  const head = tableRow(["stage", "status", "duration", "scalars", "log bytes", "telemetry"]);
  const lines = ["", head, ...rows, ""];
  if (summary.evaluation) {
    const { evaluation } = summary;
    lines.push(`${evaluation.answers} answers. ${evaluation.prompt}`);
    for (const { model, text, rewardScore } of evaluation.firstAnswers) {
      const score = rewardScore?.toFixed(2) ?? "–";
      const [first = "", ...more] = wrap(text.trim(), Math.max(40, columns - ANSWER_INDENT - 4));
      lines.push(`  ${model.padEnd(9)} ${score.padStart(7)}  ${first}`);
      lines.push(...more.map((line) => `${" ".repeat(ANSWER_INDENT)}${line}`));
    }
  } else {
    lines.push("No evaluation.");
  }
  return `${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n\n`;
}

function tableRow([stage = "", status = "", ...figures]: string[]): string {
  const widths = [9, 10, 12, 11];
  const right = figures.map((figure, column) => figure.padStart(widths[column] ?? 0));
  return [stage.padEnd(8), status.padEnd(11), ...right].join(" ");
}

/** At word ends; a long answer is cut, and says so. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  if (lines.length <= MAX_ANSWER_LINES) return lines;
  return [...lines.slice(0, MAX_ANSWER_LINES - 1), `${lines[MAX_ANSWER_LINES - 1]} …`];
}
