import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { EvaluationSummary, EvaluationView } from "../../contracts/evaluations";
import { NodeView, PracticeAddress } from "../../contracts/nodes";
import { pageOf } from "../../contracts/primitives";
import { Preset } from "../../contracts/recipes";
import { RunView } from "../../contracts/runs";
import { isTerminal, STAGE_LABEL } from "../../contracts/statuses";
import { AppError, isAppError } from "../../errors";
import type { ApiClient } from "./api-client";

const POLL_MS = 250;
const LABEL_WIDTH = 24;
const STOP_TIMEOUT_MS = 15_000;
const NODE_TIMEOUT_MS = 60_000;
const EVALUATION_TIMEOUT_MS = 120_000;

/** The practice node, online and with its GPUs known; added first when somebody had removed it. */
export async function practiceNode(api: ApiClient): Promise<NodeView> {
  const deadline = Date.now() + NODE_TIMEOUT_MS;
  let node = await findPractice(api);
  for (let waits = 0; node === undefined && waits < 10; waits++) {
    await delay(POLL_MS);
    node = await findPractice(api);
  }
  if (node === undefined) node = await addPractice(api);
  while (node?.status !== "online" || node.gpus.length === 0) {
    if (Date.now() > deadline) {
      throw new AppError(
        "TIMEOUT",
        `the practice node is ${node?.status}: ${node?.statusMessage ?? "no reason given"}`,
      );
    }
    await delay(POLL_MS);
    node = await findPractice(api);
  }
  return node;
}

async function findPractice(api: ApiClient): Promise<NodeView | undefined> {
  const { items } = await api.get("/nodes", z.object({ items: z.array(NodeView) }));
  return items.find((node) => node.isPractice);
}

async function addPractice(api: ApiClient): Promise<NodeView> {
  const { host, port, username, password } = await api.get("/nodes/practice", PracticeAddress);
  const input = { name: "practice", host, port, username, credential: { method: "password", password } };
  try {
    return await api.post("/nodes", input, NodeView);
  } catch (error) {
    if (!isAppError(error) || error.code !== "HOST_KEY_UNKNOWN") throw error;
    return api.post("/nodes", { ...input, hostKey: error.details?.hostKey }, NodeView);
  }
}

/** Starts the practice preset. */
export async function startPracticeRun(api: ApiClient, node: NodeView): Promise<RunView> {
  const { items } = await api.get("/recipes/deepspeed-chat/presets", z.object({ items: z.array(Preset) }));
  const preset = items.find((one) => one.isPractice);
  if (!preset) throw new AppError("NOT_FOUND", "the recipe has no practice preset");
  return api.post(
    "/runs",
    {
      name: `Practice run ${new Date().toISOString().slice(0, 16).replace("T", " ")}`,
      nodeId: node.id,
      parameters: { presetId: preset.id, stages: preset.stages, evaluation: {} },
      idempotencyKey: randomUUID(),
    },
    RunView,
  );
}

/** Waits until every stage has ended; one line for each change of a stage. */
export async function followRun(
  api: ApiClient,
  runId: string,
  print: (line: string) => void,
): Promise<RunView> {
  const shown = new Map<string, string>();
  for (;;) {
    const run = await api.get(`/runs/${runId}`, RunView);
    for (const stage of run.stages) {
      const line = stageLine(stage);
      if (shown.get(stage.kind) !== line) print(line);
      shown.set(stage.kind, line);
    }
    if (isTerminal(run.status)) return run;
    await delay(POLL_MS);
  }
}

/** Ends what still trains, so that an interrupted demo leaves nothing behind. */
export async function stopRun(api: ApiClient, runId: string): Promise<void> {
  await api.post(`/runs/${runId}/stop`, { graceSeconds: 1 }, z.unknown());
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (Date.now() < deadline && !isTerminal((await api.get(`/runs/${runId}`, RunView)).status))
    await delay(POLL_MS);
}

function stageLine(stage: RunView["stages"][number]): string {
  const label = STAGE_LABEL[stage.kind].padEnd(LABEL_WIDTH);
  // Quarters only: enough to see that it moves, few enough to read.
  const quarter = stage.progress === null ? null : Math.floor(stage.progress * 4) * 25;
  const progress = stage.status === "running" && quarter ? ` ${quarter} %` : "";
  const reason =
    isTerminal(stage.status) && stage.status !== "succeeded" && stage.reason ? `: ${stage.reason}` : "";
  return `${label}${stage.status}${progress}${reason}`;
}

/** The evaluation that follows a run, once it has ended; null when none was made. */
export async function awaitEvaluation(
  api: ApiClient,
  runId: string,
  print: (line: string) => void = () => {},
): Promise<EvaluationView | null> {
  const deadline = Date.now() + EVALUATION_TIMEOUT_MS;
  let shown = "";
  for (;;) {
    const { items } = await api.get("/evaluations", pageOf(EvaluationSummary));
    const summary = items.find((one) => one.runId === runId);
    const line = `${"Evaluation".padEnd(LABEL_WIDTH)}${summary?.status ?? "queued"}`;
    if (line !== shown) print(line);
    shown = line;
    if (summary && isTerminal(summary.status)) return api.get(`/evaluations/${summary.id}`, EvaluationView);
    if (Date.now() > deadline) return null;
    await delay(POLL_MS);
  }
}
