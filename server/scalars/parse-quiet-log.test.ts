import { describe, expect, it } from "vitest";
import { parseTrainLog } from "./parse-train-log";
import { stepsDone, stepsTotal } from "./train-log-state";

// DeepSpeed 0.19 logs warnings alone from the training itself: only the launcher still speaks, and no line of its engine tells
// of steps, learning rate, memory or samples per second. What is left are DeepSpeed-Chat's own lines.
const LAUNCHER = `[2026-11-24 09:30:01,210] [INFO] [runner.py:618:main] cmd = /opt/env/bin/python3 -u -m deepspeed.launcher.launch --log_level=info main.py --deepspeed --gradient_accumulation_steps 2
[2026-11-24 09:30:03,004] [INFO] [launch.py:152:main] WORLD INFO DICT: {'localhost': [0]}
[2026-11-24 09:30:03,004] [INFO] [launch.py:170:main] dist_world_size=1
DeepSpeed deepspeed.ops.comm.deepspeed_shm_comm_op built successfully
Creating prompt dataset ['local/jsonfile'], reload=False
Generating train split: 0 examples [00:00, ? examples/s]\rGenerating train split: 80 examples [00:00, 9120.44 examples/s]
`;
const SFT = `${LAUNCHER}Creating dataset jsonfile for train_phase=1 size=16
***** Running training *****
***** Evaluating perplexity, Epoch 0/1 *****
ppl: 402.5, loss: 5.99
Beginning of Epoch 1/1, Total Micro Batches 4
Epoch: 0, Step: 0, Rank: 0, loss = 6.0
Model Parameters: 0.000 B, Latency: 0.65s, TFLOPs: 0.00, Samples/sec: 6.16, Time/seq 0.16s, Batch Size: 4, Sequence Length: 64
Epoch: 0, Step: 1, Rank: 0, loss = 5.0
Model Parameters: 0.000 B, Latency: 0.50s, TFLOPs: 0.00, Samples/sec: 8.00, Time/seq 0.13s, Batch Size: 4, Sequence Length: 64
Epoch: 0, Step: 2, Rank: 0, loss = 4.5
Model Parameters: 0.000 B, Latency: 0.50s, TFLOPs: 0.00, Samples/sec: 8.01, Time/seq 0.13s, Batch Size: 4, Sequence Length: 64
Epoch: 0, Step: 3, Rank: 0, loss = 3.5
Model Parameters: 0.000 B, Latency: 0.40s, TFLOPs: 0.00, Samples/sec: 10.00, Time/seq 0.10s, Batch Size: 4, Sequence Length: 64
***** Evaluating perplexity, Epoch 1/1 *****
ppl: 88.25, loss: 4.48
saving the final model ...
[2026-11-24 09:30:40,550] [INFO] [launch.py:285:main] Process 4711 exits successfully.
`;
const REWARD = `${LAUNCHER}>Creating model from_config took 0.57 seconds
***** Running training *****
***** Evaluating reward, Epoch 0/1 *****
chosen_last_scores (higher is better) : 0.375, rejected_last_scores (lower is better) : 0.4375, acc (higher is better) : 0.25
Beginning of Epoch 1/1, Total Micro Batches 12
Epoch 1/1 with loss 0.125
***** Evaluating reward, Epoch 1/1 *****
chosen_last_scores (higher is better) : 1.25, rejected_last_scores (lower is better) : -3.5, acc (higher is better) : 1.0
saving model ...
`;
const PPO = `Tensorboard logs going to: /data/out/tensorboard/step3_tensorboard_logs
************************[start] Initializing Actor Model [start] *************************
begin bf16_optimizer
MA 0.51 GB         Max_MA 0.51 GB         CA 0.51 GB         Max_CA 1 GB 
CPU Virtual Memory:  used = 2.23 GB, percent = 9.5%
***** Running training (total_iters=2) *****
Beginning of Epoch 1/1, Total Generation Batches 2
Epoch: 0 | Step: 0 | PPO Epoch: 1 | Actor Loss: -0.25 | Critic Loss: 0.5 | Unsupervised Loss: 0.0
End-to-End => Latency: 5.07s, TFLOPs: 0.00, Samples/sec: 0.79, Time/seq 1.27s, Batch Size: 4, Total Seq. Length: 48
Generation => Latency: 2.97s, Per-token Latency 185.61 ms, TFLOPs: 0.00, BW: 0.00 GB/sec, Answer Seq. Length: 16
Training   => Latency: 2.10s, TFLOPs: 0.00
Actor Model Parameters => 0.000 B, Critic Model Parameters => 0.000 B
Average reward score: 4.125 | EMA reward score: 4.125
-------------------------------------------------------------------------------------
Epoch: 0 | Step: 1 | PPO Epoch: 1 | Actor Loss: -0.5 | Critic Loss: 0.25 | Unsupervised Loss: 0.0
Average reward score: 4.0 | EMA reward score: 4.1125
saving model ...
`;

function read(text: string) {
  const { state, scalars } = parseTrainLog(null, { bytes: Buffer.from(text), offset: 0 });
  const series: Record<string, [number, number][]> = {};
  for (const { tag, step, value } of scalars) {
    series[tag] ??= [];
    series[tag].push([step, value]);
  }
  return { series, progress: [stepsDone(state), stepsTotal(state)], evidence: state.evidence.evidence };
}

describe("a log in which DeepSpeed's engine is silent", () => {
  it("counts steps of supervised fine-tuning by its losses", () => {
    const { series, progress, evidence } = read(SFT);
    expect(progress).toEqual([2, 2]);
    expect(series).toMatchObject({
      loss: [
        [1, 5.5],
        [2, 4],
      ],
      "eval/perplexity": [
        [0, 402.5],
        [2, 88.25],
      ],
      "perf/samples_per_second": [
        [1, 8],
        [2, 10],
      ],
    });
    expect(Object.keys(series)).not.toContain("lr");
    expect(evidence).toMatchObject({ exitsWithReturnCode: null, killedSubprocess: false });
  });

  it("counts steps of the reward model by its epochs, with the mean loss of each", () => {
    const { series, progress } = read(REWARD);
    expect(progress).toEqual([6, 6]);
    expect(series).toMatchObject({
      loss: [[6, 0.125]],
      "reward_model/accuracy": [
        [0, 0.25],
        [6, 1],
      ],
    });
  });

  it("reads PPO's losses, rewards and times", () => {
    const { series, progress } = read(PPO);
    expect(progress).toEqual([2, 2]);
    expect(series).toMatchObject({
      "ppo/actor_loss": [
        [1, -0.25],
        [2, -0.5],
      ],
      "ppo/reward_ema": [
        [1, 4.125],
        [2, 4.1125],
      ],
      "perf/generate_seconds": [[1, 2.97]],
    });
    expect(Object.keys(series)).not.toContain("critic/lr");
  });
});
