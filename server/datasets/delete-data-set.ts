import type { PoolClient } from "pg";
import { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import { ACTIVE_STATUSES } from "../contracts/statuses";
import { inTransaction } from "../db";
import { AppError } from "../errors";

const Input = z.object({ id: z.uuid() });

/**
 * Deletes a data set with all of its versions. What runs that have ended put on their nodes stays there.
 * @throws AppError NOT_FOUND; CONFLICT while a run that has not ended uses one of them
 */
export async function deleteDataSet({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof Input>;
}): Promise<Record<string, never>> {
  const { id } = Input.parse(input);
  await inTransaction(ctx.db.pool, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM data_set WHERE id = $1 FOR UPDATE`,
      [id],
    );
    const name = rows[0]?.name;
    if (name === undefined) throw new AppError("NOT_FOUND", "There is no such data set.");
    await refuseWhileUsed(client, name);
    await client.query(`DELETE FROM data_set WHERE id = $1`, [id]);
    await recordAudit(client, ctx, {
      action: "data_set.delete",
      object: `data set ${id}`,
      detail: { name },
    });
  });
  return {};
}

async function refuseWhileUsed(client: PoolClient, name: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM run WHERE status = ANY($1) AND position($2 in parameters::text) > 0 ORDER BY "createdAt" LIMIT 3`,
    [ACTIVE_STATUSES, `"dataset:${name}@`],
  );
  if (rows.length === 0) return;
  const names = rows.map((row) => row.name).join(", ");
  throw new AppError("CONFLICT", `${name} is used by runs that have not ended: ${names}.`, {
    hint: "Wait for them or stop them, then delete it.",
  });
}
