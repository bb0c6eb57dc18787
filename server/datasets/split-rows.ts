import { createHash } from "node:crypto";
import type { DataPart } from "../contracts/data-facts";

/** Equal prompts stand on one side, so that no prompt of the evaluation was trained on. Equal seeds split alike. */
export function partOf(
  prompt: string,
  { seed, evalPercent }: { seed: number; evalPercent: number },
): DataPart {
  const digest = createHash("sha256").update(`${seed}\n${prompt}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32 < evalPercent / 100 ? "eval" : "train";
}
