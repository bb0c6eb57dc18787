import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningProduct, startProduct } from "../../../e2e/fixtures/start-product";
import { type ApiClient, apiClient } from "../../cli/demo/api-client";
import { awaitEvaluation, followRun } from "../../cli/demo/run-practice";
import { ScalarsResult } from "../../contracts/attempts";
import { RunView } from "../../contracts/runs";
import type { StageKind } from "../../contracts/statuses";
import { type RealNode, startRealNode } from "./real-node";
import { EXPECTED_STEPS, runParameters } from "./run-parameters";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const RUN_TIMEOUT_MS = 30 * 60_000;

/** Series that the real programs have to leave behind, by where they come from. */
const EXPECTED_TAGS: Record<StageKind, { log: string[]; events: string[] }> = {
  sft: {
    log: ["loss", "eval/loss", "eval/perplexity", "perf/latency_seconds", "perf/samples_per_second"],
    events: ["lr"],
  },
  reward: {
    log: ["loss", "reward_model/accuracy", "reward_model/chosen_score", "reward_model/rejected_score"],
    events: ["lr"],
  },
  ppo: {
    log: [
      "ppo/actor_loss",
      "ppo/critic_loss",
      "ppo/reward",
      "ppo/reward_ema",
      "perf/generate_seconds",
      "perf/train_seconds",
    ],
    events: ["lr", "critic/lr", "ppo/actor_loss", "ppo/critic_loss", "ppo/reward"],
  },
};

/** Set by server/cli/test-deepspeed.mjs. */
function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run npm run test:deepspeed`);
  return value;
}

let product: RunningProduct;
let api: ApiClient;
let node: RealNode;
let run: RunView;

beforeAll(async () => {
  product = await startProduct();
  const token = execFileSync("npx", ["tsx", "server/cli/token.ts", "--name", "deepspeed"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, DATABASE_URL: "", TRAINYARD_DATA_DIR: product.dataDirectory },
  });
  api = apiClient(product.origin, token.trim());
  node = await startRealNode({
    api,
    virtualEnvironment: setting("TRAINYARD_DEEPSPEED_VENV"),
    applicationDirectory: setting("TRAINYARD_DEEPSPEED_APPLICATION"),
    extensionsDirectory: setting("TRAINYARD_DEEPSPEED_EXTENSIONS"),
  });
  run = await api.post("/runs", runParameters(node), RunView);
  run = await followRun(api, run.id, (line) => process.stdout.write(`  ${line}\n`));
}, RUN_TIMEOUT_MS);

afterAll(async () => {
  await node?.stop();
  if (product) process.stdout.write(warningsOf(readFileSync(product.logFile, "utf8")));
  await product?.stop();
}, 60_000);

/** The server's own warnings and errors, for whoever reads a failure. */
function warningsOf(log: string): string {
  return log
    .split("\n")
    .filter((line) => /"level":(?:"(?:warn|error|fatal)"|[456]0)/.test(line))
    .map((line) => `${line.slice(0, 400)}\n`)
    .join("");
}

function stageOf(kind: StageKind) {
  const stage = run.stages.find((one) => one.kind === kind);
  const attempt = stage?.attempts.at(-1);
  if (!stage || !attempt) throw new Error(`the run has no attempt of ${kind}`);
  return { stage, attempt };
}

describe("the real DeepSpeed-Chat through the API", () => {
  it("trains all three stages", () => {
    expect(run.stages.map(({ kind, status, reason }) => ({ kind, status, reason }))).toEqual(
      ["sft", "reward", "ppo"].map((kind) => ({ kind, status: "succeeded", reason: "finished" })),
    );
    expect(run.status).toBe("succeeded");
  });

  it.each(["sft", "reward", "ppo"] as const)("knows every step of %s", (kind) => {
    const { stage, attempt } = stageOf(kind);
    expect(attempt).toMatchObject({ stepsDone: EXPECTED_STEPS[kind], stepsTotal: EXPECTED_STEPS[kind] });
    expect(stage.progress).toBe(1);
    expect(stage.headline?.last).toEqual(expect.any(Number));
  });

  it.each(["sft", "reward", "ppo"] as const)(
    "reads the scalars of %s from log and event files",
    async (kind) => {
      const { series } = await api.get(`/attempts/${stageOf(kind).attempt.id}/scalars`, ScalarsResult);
      for (const source of ["log", "events"] as const) {
        const tags = series
          .filter((one) => one.source === source && one.pointCount > 0)
          .map(({ tag }) => tag);
        expect(tags).toEqual(expect.arrayContaining(EXPECTED_TAGS[kind][source]));
      }
      for (const one of series) {
        const strange = one.values.filter((value) => typeof value !== "number");
        expect([one.tag, one.source, ...strange]).toEqual([one.tag, one.source]);
        expect(Math.max(...one.steps)).toBeLessThanOrEqual(EXPECTED_STEPS[kind]);
      }
    },
  );

  it("learns: the loss falls, the reward model tells the answers apart", async () => {
    const { series } = await api.get(`/attempts/${stageOf("sft").attempt.id}/scalars`, ScalarsResult);
    const perplexity = series.find(({ tag }) => tag === "eval/perplexity")?.values.map(Number) ?? [];
    expect(perplexity).toHaveLength(3);
    expect(perplexity.at(-1)).toBeLessThan((perplexity[0] ?? 0) / 2);
    expect(stageOf("reward").stage.headline).toMatchObject({ tag: "reward_model/accuracy", last: 1 });
  });

  it("answers with every model and scores the answers", async () => {
    const evaluation = await awaitEvaluation(api, run.id);
    expect(evaluation).toMatchObject({ status: "succeeded", hasRewardModel: true, promptCount: 2 });
    expect(evaluation?.models.map(({ key }) => key)).toEqual(["baseline", "sft", "actor", "actor_ema"]);
    expect(evaluation?.answers).toHaveLength(8);
    for (const answer of evaluation?.answers ?? []) {
      expect(answer).toMatchObject({ isComplete: true, rewardScore: expect.any(Number) });
      expect(answer.tokenCount).toBeGreaterThan(0);
    }
  }, 240_000);
});
