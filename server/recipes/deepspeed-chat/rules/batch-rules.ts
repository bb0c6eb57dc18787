import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "../../../contracts/statuses";
import { countOf, type Found, fieldPath, type Rule, type RuleInput, setField, unlessPractice } from "./rule";
import { batchField, type StageSteps, stageSteps } from "./stage-steps";

/** Fewer optimizer steps than this teach a model next to nothing. */
const FEW_STEPS = 10;
/** BenckmarkSetting.md of step 3: the largest global batch that its authors found stable, tokens. */
const STABLE_TOKENS = 1024 * 512;
/** A forward and backward pass cost about three forward passes. */
const PASSES_PER_STEP = 3;

type Verdict = "global-batch" | "few-steps" | "batch-exceeds-rows" | "no-optimizer-step";

/** Batch × accumulation × GPUs against the rows that the stage gets. */
export const BATCH_RULES: readonly Rule[] = [
  {
    // DeepSpeed's engine steps at every accumulation boundary, over epochs, and at no other time.
    id: "no-optimizer-step",
    check: (input) =>
      judged(input, "no-optimizer-step", (stage, steps) =>
        steps.micro === 0 ? endlessTurn(steps) : noStep(stage, steps),
      ),
  },
  {
    id: "batch-exceeds-rows",
    check: (input) =>
      judged(input, "batch-exceeds-rows", (stage, steps) => ({
        severity: "warning",
        path: fieldPath(stage, batchField(stage)),
        message: `${STAGE_LABEL[stage]}: a step asks for ${sum(steps)}, more than ${about(steps)}.`,
        ...smallerBatch(stage, steps),
      })),
  },
  {
    id: "few-steps",
    check: (input) =>
      judged(input, "few-steps", (stage, steps) => ({
        severity: "warning",
        path: fieldPath(stage, batchField(stage)),
        message: `${STAGE_LABEL[stage]}: a step is ${sum(steps)}, so ${about(steps)} make only ${countOf(steps.total, "optimizer step")} in all.`,
        ...(steps.accumulation > 1 &&
          steps.total * steps.accumulation >= FEW_STEPS && {
            fix: setField("Accumulate 1", fieldPath(stage, "gradient_accumulation_steps"), 1),
          }),
      })),
  },
  {
    id: "global-batch",
    check: (input) =>
      judged(input, "global-batch", (stage, steps) => ({
        severity: "note",
        path: fieldPath(stage, batchField(stage)),
        message: `${STAGE_LABEL[stage]}: a step is ${sum(steps)}; ${about(steps)} make ${countOf(steps.perEpoch, "step")} an epoch.`,
      })),
  },
  { id: "ppo-global-batch", check: globalBatchOfPpo },
  { id: "warmup-too-long", check: (input) => STAGE_KINDS.flatMap((stage) => longWarmup(input, stage)) },
  unlessPractice({ id: "evaluates-too-often", check: evaluatesTooOften }),
];

function verdictOf({ rows, samples, total }: StageSteps): Verdict | null {
  if (rows === 0) return null;
  if (total === 0) return "no-optimizer-step";
  if (samples > rows) return "batch-exceeds-rows";
  return total < FEW_STEPS ? "few-steps" : "global-batch";
}

/** One voice: a stage gets the worst of the four verdicts and no other. */
function judged(
  input: RuleInput,
  verdict: Verdict,
  found: (stage: StageKind, steps: StageSteps) => Found,
): Found[] {
  return STAGE_KINDS.flatMap((stage) => {
    const steps = stageSteps(input, stage);
    return steps !== null && verdictOf(steps) === verdict ? [found(stage, steps)] : [];
  });
}

function noStep(stage: StageKind, steps: StageSteps): Found {
  const path = fieldPath(stage, "gradient_accumulation_steps");
  const message = `${STAGE_LABEL[stage]} would end without one optimizer step: ${about(steps)} make fewer batches than the ${steps.accumulation} that are accumulated.`;
  return { severity: "error", path, message, fix: setField("Accumulate 1", path, 1) };
}

/** MiniDataset.add of data_utils.py gives its batches away only when all of a turn are there. */
function endlessTurn(steps: StageSteps): Found {
  const path = fieldPath("ppo", "generation_batches");
  const message = `PPO would end without one optimizer step: ${about(steps)} make fewer batches than it generates before it trains.`;
  const accumulate = { path: fieldPath("ppo", "gradient_accumulation_steps"), value: 1 };
  const fix = { label: "Train after each and accumulate 1", changes: [{ path, value: 1 }, accumulate] };
  return { severity: "error", path, message, fix };
}

function sum({ batch, accumulation, gpuCount, samples }: StageSteps): string {
  return `${batch} × ${accumulation} × ${countOf(gpuCount, "GPU")} = ${countOf(samples, "sample")}`;
}

/** Hubs list rows that the program divides or leaves out, so a count may be a little high. */
function about({ rows }: StageSteps): string {
  return `about ${countOf(rows, "row")}`;
}

function smallerBatch(stage: StageKind, { rows, batch, gpuCount }: StageSteps): Pick<Found, "fix"> {
  const fitting = Math.min(batch, Math.floor(rows / gpuCount));
  if (fitting < 1) return {};
  const names =
    stage === "ppo" ? ["per_device_generation_batch_size", batchField(stage)] : [batchField(stage)];
  const batches = names.map((name) => ({ path: fieldPath(stage, name), value: fitting }));
  const accumulate = { path: fieldPath(stage, "gradient_accumulation_steps"), value: 1 };
  return { fix: { label: `Use batch ${fitting} and accumulate 1`, changes: [...batches, accumulate] } };
}

function globalBatchOfPpo({ number, gpuCount }: RuleInput): Found[] {
  const length = number("ppo", "max_prompt_seq_len") + number("ppo", "max_answer_seq_len");
  const perStep = number("ppo", "per_device_training_batch_size") * gpuCount("ppo");
  const accumulation = number("ppo", "gradient_accumulation_steps");
  const tokens = perStep * accumulation * length;
  if (!(tokens > STABLE_TOKENS)) return [];
  const path = fieldPath("ppo", "gradient_accumulation_steps");
  const fitting = Math.floor(STABLE_TOKENS / (perStep * length));
  const message = `A step trains on ${countOf(tokens, "token")}; ${STABLE_TOKENS.toLocaleString("en")} are the most that the authors of DeepSpeed-Chat found stable.`;
  const fix = fitting < 1 ? {} : { fix: setField(`Accumulate ${fitting}`, path, fitting) };
  return [{ severity: "warning", path, message, ...fix }];
}

/** get_scheduler of transformers: until the warm-up is over, the rate has not reached what was asked for. */
function longWarmup(input: RuleInput, stage: StageKind): Found[] {
  const steps = stageSteps(input, stage);
  const warmup = input.number(stage, "num_warmup_steps");
  const isWarmed = input.value(stage, "lr_scheduler_type") !== "constant";
  if (steps === null || !isWarmed || steps.scheduled < 1 || !(warmup > 0 && warmup >= steps.scheduled)) {
    return [];
  }
  const path = fieldPath(stage, "num_warmup_steps");
  const message = `${STAGE_LABEL[stage]}: the learning rate rises for ${countOf(warmup, "step")}, and there are ${steps.scheduled.toLocaleString("en")}: it never reaches its peak.`;
  const fitting = Math.floor(steps.scheduled / 10);
  return [{ severity: "warning", path, message, fix: setField(`Warm up for ${fitting}`, path, fitting) }];
}

/** evaluation_reward of step 2 runs up to --eval_iters batches at every interval of optimizer steps. */
function evaluatesTooOften({ number }: RuleInput): Found[] {
  const interval = number("reward", "eval_interval");
  const [iterations, accumulation] = [
    number("reward", "eval_iters"),
    number("reward", "gradient_accumulation_steps"),
  ];
  const trained = interval * accumulation * PASSES_PER_STEP;
  if (!(trained > 0) || !(iterations > trained)) return [];
  const path = fieldPath("reward", "eval_interval");
  const rarely = Math.ceil((4 * iterations) / (accumulation * PASSES_PER_STEP));
  const message = `Up to ${countOf(iterations, "batch", "batches")} are evaluated after every ${countOf(interval * accumulation, "training batch", "training batches")}: more time than the training itself.`;
  return [{ severity: "warning", path, message, fix: setField(`Every ${rarely} steps`, path, rarely) }];
}
