import { createHash } from "node:crypto";
import type { WrittenScalar } from "../../../server/testing/event-file-writer";

export interface Difference {
  lost: number;
  /** Doubled, or never written. */
  tooMany: number;
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes that differ, counted from the first one that does; none when the hashes are equal. */
export function compareBytes(written: Buffer, stored: Buffer): Difference {
  if (sha256(written) === sha256(stored)) return { lost: 0, tooMany: 0 };
  const shorter = Math.min(written.length, stored.length);
  let same = 0;
  while (same < shorter && written[same] === stored[same]) same += 1;
  return { lost: written.length - same, tooMany: stored.length - same };
}

export interface StoredScalar {
  tag: string;
  step: number;
  value: number;
}

export function compareScalars(
  written: readonly WrittenScalar[],
  stored: readonly StoredScalar[],
): Difference {
  const key = ({ tag, step, value }: StoredScalar) => `${tag} ${step} ${value}`;
  const left = new Map<string, number>();
  for (const each of written) left.set(key(each), (left.get(key(each)) ?? 0) + 1);
  let tooMany = 0;
  for (const each of stored) {
    const count = left.get(key(each)) ?? 0;
    if (count === 0) tooMany += 1;
    else left.set(key(each), count - 1);
  }
  let lost = 0;
  for (const count of left.values()) lost += count;
  return { lost, tooMany };
}
