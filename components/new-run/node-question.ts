import type { NodeView } from "@/server/contracts/nodes";
import type { FieldValue } from "@/server/contracts/recipes";
import type { RunParameters } from "@/server/contracts/runs";
import { STAGE_KINDS } from "@/server/contracts/statuses";

export type AskedNode = Pick<NodeView, "id" | "status">;

/** Fields that a node's answer depends on: what it has to hold, and how much is written there. */
const FIELDS = ["model_name_or_path", "data_path", "sft_only_data_path", "enable_ema"] as const;

/** What of a run matters to its node, as a text that changes with it, and when the node comes back. Pure. */
export function nodeQuestion({ id, status }: AskedNode, { stages }: RunParameters): string {
  const asked = STAGE_KINDS.map((kind) => {
    const { fields, env, gpuCount, gpuUuids } = stages[kind];
    const values = FIELDS.map((name): FieldValue => fields[name] ?? null);
    return { values, env, gpuCount, gpuUuids };
  });
  return JSON.stringify([id, status, asked]);
}
