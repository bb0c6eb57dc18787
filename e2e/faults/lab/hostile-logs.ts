import type { Random } from "./random";
import { sized } from "./settings";

/** What a training prints and should not have printed. */
export interface HostileLog {
  name: string;
  /** sh, on the node; $MIXED is a file there that holds `mixed`. */
  program: string;
}

const GIGABYTE = sized({ short: 48_000_000, long: 1_000_000_000 });

export const HOSTILE_LOGS: readonly HostileLog[] = [
  { name: "binary", program: "head -c 10000000 /dev/urandom" },
  {
    name: "lines of 10 MB",
    program:
      "for n in 1 2 3; do head -c 10000000 /dev/zero | tr '\\0' x; echo; done; head -c 10000000 /dev/urandom | tr '\\n' x; echo",
  },
  { name: "no newline", program: "head -c 12000000 /dev/zero | tr '\\0' y; printf 'no end'" },
  { name: "NUL", program: "head -c 3000000 /dev/zero; printf 'a\\000b\\n\\000'" },
  {
    name: "ANSI and carriage returns",
    program:
      "n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); printf '\\033[32m%s%%\\033[0m|███▌ | \\033[1A\\033[2K\\r' $n; done; printf '\\033]8;;javascript:alert(1)\\033\\\\x\\007\\033[999999999C\\n'",
  },
  { name: "mixed", program: 'cat "$MIXED"' },
  {
    name: `${GIGABYTE / 1e6} MB`,
    program: `yes 'Epoch: 0, Step: 1, Rank: 0, loss = 2.5 ü' | head -c ${GIGABYTE}`,
  },
];

const NUMBERS = [
  "nan",
  "-inf",
  "1e999",
  "-0",
  "99999999999999999999999999",
  "999999999",
  "0.1",
  "7",
  "",
  "-5",
  "1e-400",
] as const;
const LINES: readonly [(n: () => string) => string, ...((n: () => string) => string)[]] = [
  (n) => `Epoch: ${n()}, Step: ${n()}, Rank: ${n()}, loss = ${n()}`,
  (n) =>
    `Epoch: ${n()} | Step: ${n()} | PPO Epoch: ${n()} | Actor Loss: ${n()} | Critic Loss: ${n()} | Unsupervised Loss: ${n()}`,
  (n) => `epoch: ${n()}|step: ${n()}|ppo_ep: ${n()}|act_loss: ${n()}|cri_loss: ${n()}|unsuper_loss: ${n()}`,
  (n) => `Average reward score: ${n()} | EMA reward score: ${n()}`,
  (n) => `Beginning of Epoch ${n()}/${n()}, Total Micro Batches ${n()}`,
  (n) => `Beginning of Epoch ${n()}/${n()}, Total Generation Batches ${n()}`,
  (n) =>
    `[timer.py] epoch=${n()}/micro_step=${n()}/global_step=${n()}, RunningAvgSamplesPerSec=${n()}, CurrSamplesPerSec=${n()}, MemAllocated=${n()}GB, MaxMemAllocated=${n()}GB`,
  (n) =>
    `[logging.py:96:log_dist] [Rank 0] step=${n()}, skipped=${n()}, lr=[${n()}, ${n()}], mom=[(0.9, 0.95)]`,
  (n) => `OVERFLOW! Rank 0 Skipping step. Attempted loss scale: ${n()}, reducing to ${n()}`,
  (n) =>
    `Model Parameters: ${n()} B, Latency: ${n()}s, TFLOPs: ${n()}, Samples/sec: ${n()}, Time/seq ${n()}s`,
  (n) => `chosen_last_scores (higher is better) : ${n()}, acc (higher is better) : ${n()}`,
  (n) => `ppl: ${n()}, loss: ${n()}`,
  (n) =>
    `Traceback (most recent call last):\n${`  File "a.py" ${"🚂".repeat(40)}\n`.repeat(99)}ValueError: ${n()}`,
];

/** Lines of every dialect with numbers that no training has, torn at any byte, between bytes that are no text. */
export function mixedLog(random: Random, lineCount: number): Buffer {
  const number = () => random.pick(NUMBERS);
  const parts: Buffer[] = [];
  for (let n = 0; n < lineCount; n += 1) {
    const line = Buffer.from(random.pick(LINES)(number));
    if (random.chance(0.2)) parts.push(line.subarray(0, random.int(0, line.length)));
    else parts.push(line);
    if (random.chance(0.1)) parts.push(random.bytes(random.int(1, 200)));
    // A lone surrogate, half of a character, a NUL and a bare carriage return.
    if (random.chance(0.1)) parts.push(Buffer.from([0xed, 0xa0, 0x80, 0xe2, 0x82, 0x00, 0x0d]));
    parts.push(Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}
