import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttemptNode } from "../../../server/testing/attempt-node";
import { waitUntil } from "../../../server/testing/processes";
import type { StartedRun } from "./live-node";

/** A training that writes lines in pieces until it is told that it is enough, and saves. */
export const CHATTER = `n=0
while [ ! -e "$OUTPUT/enough" ]; do
  n=$((n + 1))
  printf 'line %s: loss ' "$n"; sleep 0.05; printf '%s\\n' "$n"
done
eval "$SAVE"`;

export function sayEnough({ output }: StartedRun): void {
  writeFileSync(join(output, "enough"), "");
}

/** The training writes on, as its own node sees it. */
export async function writesOn({ directory }: StartedRun): Promise<void> {
  const size = () => readFileSync(join(directory, "training.log")).length;
  const before = size();
  await waitUntil(() => size() > before, "the training to write on");
}

/** Is what the database holds of the log the node's file, byte for byte? */
export async function hasWholeLog(node: AttemptNode, { attemptId, directory }: StartedRun): Promise<boolean> {
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const written = readFileSync(join(directory, "training.log"));
  return digest(await node.storedLog(attemptId)) === digest(written);
}

export function terminalEvents(node: AttemptNode, { attemptId }: StartedRun): Promise<number> {
  return node.db.prisma.attemptEvent.count({ where: { attemptId, isTerminal: true } });
}
