import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { MODEL_KEYS } from "../contracts/evaluations";
import { resolveModels } from "../recipes";
import { readRunFacts } from "./read-checkpoints";

/**
 * The evaluation that a run's plan asks for, in the transaction in which its ppo succeeds: that happens once, so it is
 * made once, and stays away when somebody deletes it. Returns its id; null when the plan asks for none.
 */
export async function insertPlannedEvaluation(
  client: PoolClient,
  { runId, now }: { runId: string; now: Date },
): Promise<string | null> {
  const { parameters, checkpoints } = await readRunFacts(client, runId);
  const plan = parameters.evaluation;
  if (!plan.isEnabled) return null;
  const id = randomUUID();
  const models = resolveModels(MODEL_KEYS, checkpoints);
  await client.query(
    `INSERT INTO evaluation (id, "runId", name, status, prompts, models, settings, "createdBy", "createdAt")
     SELECT $1, id, 'After training', 'queued', $3, $4, $5, "createdBy", $6 FROM run WHERE id = $2`,
    [id, runId, JSON.stringify(plan.prompts), JSON.stringify(models), JSON.stringify(plan.settings), now],
  );
  return id;
}
