import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findCapture } from "../testing/captures";
import { type LogScalar, parseTrainLog } from "./parse-train-log";
import { stepsDone, stepsTotal, type TrainLogState } from "./train-log-state";

function parse(
  bytes: Uint8Array,
  size = bytes.length,
): { state: TrainLogState | null; scalars: LogScalar[] } {
  let state: TrainLogState | null = null;
  const scalars: LogScalar[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    const result = parseTrainLog(state, { bytes: bytes.subarray(offset, offset + size), offset });
    // Through JSON, as it is stored between two reads.
    state = JSON.parse(JSON.stringify(result.state));
    scalars.push(...result.scalars);
  }
  return { state, scalars };
}

function parseText(text: string): { state: TrainLogState | null; scalars: LogScalar[] } {
  return parse(Buffer.from(text));
}

function points(scalars: LogScalar[], tag: string): [number, number][] {
  return scalars.filter((scalar) => scalar.tag === tag).map((scalar) => [scalar.step, scalar.value]);
}

const progressOf = (state: TrainLogState | null) => state && [stepsDone(state), stepsTotal(state)];

const STAMP = "[2026-03-02 10:00:00,123] [INFO]";
const SFT = `${STAMP} [launch.py:180:main] dist_world_size=2
${STAMP} [runner.py:630:main] cmd = python -u -m deepspeed.launcher.launch main.py --gradient_accumulation_steps 2 --x
***** Running training *****
***** Evaluating perplexity, Epoch 0/2 *****
ppl: 4810.5, loss: 8.4785
Beginning of Epoch 1/2, Total Micro Batches 4
Epoch: 0, Step: 0, Rank: 0, loss = 2.5
Epoch: 0, Step: 0, Rank: 1, loss = 3.5
Model Parameters: 1.429 B, Latency: 4.01s, TFLOPs: 1.72, Samples/sec: 2.00, Time/seq 0.50s, Batch Size: 8, Sequence Length: 512
Epoch: 0, Step: 1, Rank: 1, loss = 2.0Epoch: 0, Step: 1, Rank: 0, loss = 1.0

Model Parameters: NA, Latency: 3.50s, TFLOPs: 1.90, Samples/sec: 2.29, Time/seq 0.50s, Batch Size: 8, Sequence Length: 512
${STAMP} [logging.py:96:log_dist] [Rank 0] step=1, skipped=0, lr=[9.65e-06, 0.0005], mom=[(0.9, 0.95), (0.9, 0.95)]
${STAMP} [timer.py:264:stop] epoch=0/micro_step=2/global_step=1, RunningAvgSamplesPerSec=17.5, CurrSamplesPerSec=18.25, MemAllocated=3.96GB, MaxMemAllocated=22.95GB
Epoch: 0, Step: 2, Rank: 0, loss = nan
***** Evaluating perplexity, Epoch 1/2 *****
ppl: inf, loss: inf
Beginning of Epoch 2/2, Total Micro Batches 4
Epoch: 1, Step: 2, Rank: 0, loss = 0.5
Epoch: 1, Step: 2, Rank: 1, loss = 0.5
Epoch: 1, Step: 3, Rank: 1, loss = 1.5
Epoch: 1, Step: 3, Rank: 0, loss = 1.5
***** Evaluating perplexity, Epoch 2/2 *****
ppl: 1.5, loss: 0.4054
`;

const PPO = `***** Running training (total_iters=6) *****
Beginning of Epoch 1/2, Total Generation Batches 3
${STAMP} [logging.py:96:log_dist] [Rank 0] step=1, skipped=0, lr=[5.79e-07, 5.79e-07], mom=[(0.9, 0.95)]
${STAMP} [timer.py:199:stop] epoch=0/micro_step=1/global_step=1, RunningAvgSamplesPerSec=86.7, CurrSamplesPerSec=78.8, MemAllocated=10.77GB, MaxMemAllocated=20.55GB
${STAMP} [logging.py:96:log_dist] [Rank 0] step=1, skipped=0, lr=[3.5e-07, 3.5e-07], mom=[(0.9, 0.95)]
Epoch: 0 | Step: 0 | PPO Epoch: 1 | Actor Loss: 0.25 | Critic Loss: -0.125 | Unsupervised Loss: 0.0
End-to-End => Latency: 4.50s, TFLOPs: 2.25, Samples/sec: 7.11, Time/seq 0.14s, Batch Size: 32, Total Seq. Length: 512
Generation => Latency: 3.00s, Per-token Latency 11.72 ms, TFLOPs: 0.52, BW: 224.30 GB/sec, Answer Seq. Length: 256
Training   => Latency: 1.50s, TFLOPs: 5.71
Actor Model Parameters => 1.316 B, Critic Model Parameters => 0.331 B
Average reward score: -0.5 | EMA reward score: -0.25
-------------------------------------------------------------------------------------
Epoch: 0 | Step: 2 | PPO Epoch: 1 | Actor Loss: 0.5 | Critic Loss: 0.5 | Unsupervised Loss: 0.0
Average reward score: 1.5 | EMA reward score: 0.5
Beginning of Epoch 2/2, Total Generation Batches 3
Epoch: 1 | Step: 0 | PPO Epoch: 1 | Actor Loss: 0.75 | Critic Loss: 0.25 | Unsupervised Loss: 1.5
Average reward score: 2.5 | EMA reward score: 1.0
`;

describe("parseTrainLog, supervised fine-tuning", () => {
  const { state, scalars } = parseText(SFT);

  it("means the loss over the ranks and micro batches of an optimizer step, counted optimizer steps over epochs", () => {
    expect(points(scalars, "loss")).toEqual([
      [1, 2.25],
      [2, Number.NaN],
      [4, 1],
    ]);
  });
  it("puts an evaluation at the step it was made at, before the training at 0", () => {
    expect(points(scalars, "eval/perplexity")).toEqual([
      [0, 4810.5],
      [2, Number.POSITIVE_INFINITY],
      [4, 1.5],
    ]);
    expect(points(scalars, "eval/loss")).toEqual([
      [0, 8.4785],
      [2, Number.POSITIVE_INFINITY],
      [4, 0.4054],
    ]);
  });
  it("reads throughput, memory and learning rate", () => {
    expect(points(scalars, "perf/latency_seconds")).toEqual([[1, 3.5]]);
    expect(points(scalars, "perf/tflops")).toEqual([[1, 1.9]]);
    expect(points(scalars, "perf/samples_per_second")).toEqual([
      [1, 2.29],
      [1, 18.25],
    ]);
    expect(points(scalars, "memory/allocated_gb")).toEqual([[1, 3.96]]);
    expect(points(scalars, "memory/max_allocated_gb")).toEqual([[1, 22.95]]);
    expect(points(scalars, "lr")).toEqual([[1, 9.65e-6]]);
  });
  it("tells how far it is", () => {
    expect(progressOf(state)).toEqual([4, 4]);
  });
});

describe("parseTrainLog, reward model", () => {
  it("reads scores and accuracy of evaluations between and within epochs, and the epoch's loss", () => {
    const { scalars, state } = parseText(
      "***** Evaluating reward, Epoch 0/1 *****\n" +
        "chosen_last_scores (higher is better) : 2.5, rejected_last_scores (lower is better) : 2.25, acc (higher is better) : 0.5\n" +
        "Beginning of Epoch 1/1, Total Micro Batches 20\n" +
        "Iter 10: Evaluating reward\n" +
        "Iter 10: c_scores: 3.0, r_scores: 1.0, diff: 2.0, acc: 0.625\n" +
        "Epoch 1/1 with loss 0.575\n" +
        "***** Evaluating reward, Epoch 1/1 *****\n" +
        "chosen_last_scores (higher is better) : 3.5, rejected_last_scores (lower is better) : tensor(0.5, device='cuda:0'), acc (higher is better) : 0.75\n",
    );
    expect(points(scalars, "reward_model/chosen_score")).toEqual([
      [0, 2.5],
      [10, 3],
      [20, 3.5],
    ]);
    expect(points(scalars, "reward_model/rejected_score").slice(0, 2)).toEqual([
      [0, 2.25],
      [10, 1],
    ]);
    expect(points(scalars, "reward_model/accuracy")[1]).toEqual([10, 0.625]);
    expect(points(scalars, "loss")).toEqual([[20, 0.575]]);
    expect(progressOf(state)).toEqual([20, 20]);
  });

  it("counts skipped steps, and takes a change of the loss scale once though every rank prints it", () => {
    const { scalars } = parseText(
      `${STAMP} [fused_optimizer.py:362:_update_scale]\nGrad overflow on iteration 6\n` +
        `${STAMP} [fused_optimizer.py:363:_update_scale] Reducing dynamic loss scale from 65536 to 32768.0\n`.repeat(
          4,
        ) +
        `${STAMP} [logging.py:96:log_dist] [Rank 0] Overflow detected. Skipping step. Attempted loss scale: 65536, reducing to 32768.0\n` +
        `${STAMP} [loss_scaler.py:188:update_scale] [deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 32768, but hysteresis is 2. Reducing hysteresis to 1\n` +
        `${STAMP} [loss_scaler.py:181:update_scale] [deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 32768, reducing to 16384\n` +
        `${STAMP} [fused_optimizer.py:371:_update_scale] Increasing dynamic loss scale from 16384.0 to 32768.0\n`,
    );
    expect(points(scalars, "overflow")).toEqual([
      [7, 1],
      [7, 2],
      [7, 3],
    ]);
    expect(points(scalars, "loss_scale")).toEqual([
      [7, 32768],
      [7, 16384],
      [7, 32768],
    ]);
  });
});

describe("parseTrainLog, PPO", () => {
  const { state, scalars } = parseText(PPO);

  it("numbers batches from 1 over all epochs", () => {
    expect(points(scalars, "ppo/reward")).toEqual([
      [1, -0.5],
      [3, 1.5],
      [4, 2.5],
    ]);
    expect(points(scalars, "ppo/reward_ema")).toEqual([
      [1, -0.25],
      [3, 0.5],
      [4, 1],
    ]);
    expect(points(scalars, "ppo/actor_loss")).toEqual([
      [1, 0.25],
      [3, 0.5],
      [4, 0.75],
    ]);
    expect(points(scalars, "ppo/critic_loss")).toEqual([
      [1, -0.125],
      [3, 0.5],
      [4, 0.25],
    ]);
    expect(progressOf(state)).toEqual([4, 6]);
  });
  it("leaves the unsupervised loss out until there is one", () => {
    expect(points(scalars, "ppo/unsupervised_loss")).toEqual([[4, 1.5]]);
  });
  it("tells the actor's learning rate from the critic's, and the engine's speed from the whole step's", () => {
    expect(points(scalars, "lr")).toEqual([[1, 5.79e-7]]);
    expect(points(scalars, "critic/lr")).toEqual([[1, 3.5e-7]]);
    expect(points(scalars, "perf/train_samples_per_second")).toEqual([[1, 78.8]]);
    expect(points(scalars, "perf/samples_per_second")).toEqual([[1, 7.11]]);
    expect(points(scalars, "perf/latency_seconds")).toEqual([[1, 4.5]]);
    expect(points(scalars, "perf/generate_seconds")).toEqual([[1, 3]]);
    expect(points(scalars, "perf/train_seconds")).toEqual([[1, 1.5]]);
  });
  it("keeps steps growing when an epoch starts again without being announced", () => {
    const lines = [0, 1, 2, 0, 1].map(
      (step) => `epoch: 0|step: ${step}|ppo_ep: 1|act_loss: 0.5|cri_loss: 0.5|unsuper_loss: 0.0\n`,
    );
    const steps = points(parseText(lines.join("")).scalars, "ppo/actor_loss").map(([step]) => step);
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("parseTrainLog, increments", () => {
  it.each([1, 2, 7, 50, 333])("gives the same scalars, offsets and state %i bytes at a time", (size) => {
    for (const text of [SFT, PPO]) expect(parse(Buffer.from(text), size)).toEqual(parseText(text));
  });
  it("gives each scalar the offset of its text in the file", () => {
    for (const { offset, tag } of parseText(PPO).scalars) {
      if (tag === "ppo/reward") expect(PPO.slice(offset)).toMatch(/^verage reward score/);
    }
  });
  it("reads on after a line of 10 MB and after bytes that are no text", () => {
    const noise = Buffer.alloc(10_000_000, 0xfe);
    const tail = Buffer.from("\nppl: 2.5, loss: 0.9\n");
    const { state, scalars } = parse(Buffer.concat([noise, tail]), 262_144);
    expect(points(scalars, "eval/perplexity")).toEqual([[0, 2.5]]);
    expect(JSON.stringify(state).length).toBeLessThan(2000);
  });
  it("ignores a line that is not finished", () => {
    expect(parseText("ppl: 2.5, loss: 0.9").scalars).toEqual([]);
  });
});

describe("parseTrainLog, evidence", () => {
  const evidenceOf = (text: string, size?: number) => parse(Buffer.from(text), size).state?.evidence.evidence;
  const failure =
    "[rank0]: Traceback (most recent call last):\n" +
    '[rank0]:   File "main.py", line 400, in <module>\n[rank0]:     main()\n' +
    "[rank0]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n" +
    `${STAMP} [launch.py:335:sigkill_handler] Killing subprocess 4711\n` +
    `[2026-03-02 10:00:00,123] [ERROR] [launch.py:341:sigkill_handler] ['python', 'main.py'] exits with return code = -9\n`;

  it.each([1, 13, 10_000])(
    "finds the traceback, the memory error and the launcher's verdict (%i bytes at a time)",
    (size) => {
      expect(evidenceOf(failure, size)).toEqual({
        cudaOutOfMemory: "[rank0]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
        exitsWithReturnCode: -9,
        killedSubprocess: true,
        lastTraceback:
          'Traceback (most recent call last):\n  File "main.py", line 400, in <module>\n    main()\n' +
          "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
      });
    },
  );
  it.each([
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.",
    "torch.OutOfMemoryError: HIP out of memory. Tried to allocate 20.00 MiB.",
    "RuntimeError: CUDA error: out of memory",
    "node7:812:901 [0] enqueue.cc:98 NCCL WARN Cuda failure 2 'out of memory'",
  ])("takes this for a GPU whose memory ran out: %s", (line) => {
    expect(evidenceOf(`${line}\n`)?.cudaOutOfMemory).toBe(line);
  });
  it("finds nothing in a log that ends well", () => {
    expect(evidenceOf(SFT)).toEqual({
      cudaOutOfMemory: null,
      exitsWithReturnCode: null,
      killedSubprocess: false,
      lastTraceback: null,
    });
  });
});

/** The figures of the captures, found line by line and without the parser. */
function capture(name: string): { bytes: Buffer; lines: string[] } | null {
  const file = findCapture(`dschat-logs/${name}`);
  if (file === null) return null;
  const bytes = readFileSync(file);
  return { bytes, lines: bytes.toString("utf8").split("\n") };
}
const afterColon = (line: string | undefined) => Number(line?.slice(line.lastIndexOf(":") + 1));

describe("parseTrainLog on logs of real runs (skipped where TRAINYARD_CAPTURES_DIR has none)", () => {
  const sft = capture("step1-opt-1.3b.log");
  const reward = capture("step2-opt-350m.log");
  const ppo = capture("step3-opt-1.3b-opt-350m.log");

  it.skipIf(sft === null)("sft ends at the perplexity of its last ppl line, after 16 epochs", () => {
    const { bytes, lines } = sft ?? { bytes: Buffer.alloc(0), lines: [] };
    const expected = lines.filter((line) => line.startsWith("ppl: ")).map(afterColon);
    const { state, scalars } = parse(bytes, 4096);
    expect(points(scalars, "eval/perplexity").map(([, value]) => value)).toEqual(expected);
    expect(expected.at(-1)).toBe(1.8085135221481323);
    expect(expected).toHaveLength(17);
    expect(points(scalars, "eval/perplexity").at(-1)?.[0]).toBe(16 * 460);
    expect(points(scalars, "lr")).toHaveLength(lines.filter((line) => line.includes(", lr=[")).length);
    expect(points(scalars, "overflow")).toHaveLength(
      lines.filter((line) => line.includes("OVERFLOW!")).length,
    );
    expect(progressOf(state)).toEqual([7360, 7360]);
  });

  it.skipIf(reward === null)("reward ends at the accuracy of its last evaluation", () => {
    const { bytes, lines } = reward ?? { bytes: Buffer.alloc(0), lines: [] };
    const expected = lines.filter((line) => line.startsWith("chosen_last_scores")).map(afterColon);
    const { state, scalars } = parse(bytes, 999);
    expect(points(scalars, "reward_model/accuracy").map(([, value]) => value)).toEqual(expected);
    expect(expected.at(-1)).toBe(0.6994950175285339);
    expect(points(scalars, "overflow")).toHaveLength(
      lines.filter((line) => line.includes("Overflow detected")).length,
    );
    expect(progressOf(state)).toEqual([1840, 1840]);
  });

  it.skipIf(ppo === null)("ppo has every step and its reward, the last one included", () => {
    const { bytes, lines } = ppo ?? { bytes: Buffer.alloc(0), lines: [] };
    const expected = lines.filter((line) => line.startsWith("average reward score: ")).map(afterColon);
    const { state, scalars } = parse(bytes, 65_536);
    expect(points(scalars, "ppo/reward").map(([, value]) => value)).toEqual(expected);
    expect(points(scalars, "ppo/reward").map(([step]) => step)).toEqual(expected.map((_, i) => i + 1));
    expect(expected).toHaveLength(477);
    expect(expected.at(-1)).toBe(4.3828125);
    expect(points(scalars, "perf/latency_seconds")).toHaveLength(
      lines.filter((line) => line.startsWith("|E2E")).length,
    );
    expect(points(scalars, "critic/lr")).toHaveLength(47);
    expect(progressOf(state)).toEqual([477, 477]);
  });
});

it("takes no line whose counts no training reaches, and goes on after it", () => {
  const { state, scalars } = parseText(`Beginning of Epoch 1/1, Total Micro Batches 99999999999999999999999999
Epoch: 0, Step: 99999999999999999999999999, Rank: 0, loss = 1.5
Epoch: 0, Step: 0, Rank: 0, loss = 2.5
Iter 1e3: nothing
[timer] epoch=0/micro_step=1/global_step=12345678901, RunningAvgSamplesPerSec=1, CurrSamplesPerSec=1
`);
  expect(points(scalars, "loss")).toEqual([[1, 2.5]]);
  expect(progressOf(state)).toEqual([1, null]);
});

it("never cuts a traceback in the middle of a character", () => {
  const lines = Array.from({ length: 90 }, (_, n) => `  File "a.py", line ${n} ${"🚂".repeat(20)}`);
  const text = (padding: number) =>
    `Traceback (most recent call last):\n${lines.join("\n")}\nValueError: ${"x".repeat(padding)}\n`;
  for (const padding of [1, 2]) {
    const traceback = parseText(text(padding)).state?.evidence.evidence.lastTraceback ?? "";
    expect(traceback.length).toBeGreaterThan(3_900);
    expect(traceback).not.toMatch(/^[\udc00-\udfff]/);
  }
});
