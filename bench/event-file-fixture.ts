import { encodeEventFile } from "../server/testing/event-file-writer";

const TAGS = [
  "Train/Samples/train_loss",
  "Train/Samples/lr",
  "Train/Samples/loss_scale",
  "reward",
  "actor_loss",
  "critic_loss",
  "actor_loss_sum",
  "Train/Samples/elapsed_time_ms_forward",
];

/** An event file as a training writes it, round and round over a few tags. */
export function makeEventFile(scalarCount: number): Buffer {
  function* scalars() {
    for (let i = 0; i < scalarCount; i += 1) {
      const step = Math.floor(i / TAGS.length) + 1;
      yield {
        tag: TAGS[i % TAGS.length] ?? "",
        value: Math.sin(i) + 2,
        step,
        wallTime: 1_700_000_000 + i / 8,
      };
    }
  }
  return encodeEventFile(scalars());
}
