import { createCipheriv, createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { SEED } from "./settings";

/** Chance that can be replayed. */
export interface Random {
  /** A whole number, both ends included. */
  int: (least: number, most: number) => number;
  pick: <T>(values: readonly [T, ...T[]]) => T;
  /** True with this probability, 0 to 1. */
  chance: (probability: number) => boolean;
  bytes: (length: number) => Buffer;
}

/** From the laboratory's seed and a name, so that one experiment's draws do not move when another's change. */
export function seededRandom(name: string): Random {
  const digest = createHash("sha256").update(`${SEED}:${name}`).digest();
  const generator = xoroshiro128plus(digest.readInt32LE(0));
  const stream = createCipheriv("aes-128-ctr", digest.subarray(0, 16), digest.subarray(16));
  const int: Random["int"] = (least, most) => uniformInt(generator, least, most);
  return {
    int,
    pick: (values) => values[int(0, values.length - 1)] ?? values[0],
    chance: (probability) => int(0, 999_999) < probability * 1_000_000,
    bytes: (length) => stream.update(Buffer.alloc(length)),
  };
}
