import type pg from "pg";
import type { NodeInventory } from "../../contracts/nodes";
import { inTransaction } from "../../db";
import { holdLease, type NodeLease } from "../../nodes/lease";

/**
 * Keeps what was found, with one row per GPU. A GPU that is gone loses its row, unless an attempt still holds it.
 * An inventory without any GPU removes none when nvidia-smi itself failed (`driverVersion` null): a hung driver is not an
 * empty machine.
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function storeInventory(
  pool: pg.Pool,
  lease: NodeLease,
  inventory: NodeInventory,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await holdLease(client, lease);
    await client.query(
      `UPDATE node SET inventory = $2, "inventoryAt" = now(), "updatedAt" = now() WHERE id = $1`,
      [lease.nodeId, JSON.stringify(inventory)],
    );
    await upsertGpus(client, lease.nodeId, inventory.gpus);
    const isGpuListTrusted = inventory.gpus.length > 0 || inventory.driverVersion !== null;
    if (isGpuListTrusted) await deleteOtherGpus(client, lease.nodeId, inventory.gpus);
  });
}

async function upsertGpus(client: pg.PoolClient, nodeId: string, gpus: NodeInventory["gpus"]): Promise<void> {
  await client.query(
    `INSERT INTO gpu ("nodeId", uuid, index, name, "memoryTotalMiB", "parentUuid", "migProfile", "migIndex", "seenAt")
     SELECT $1, uuid, index, name, memory, parent, profile, mig, now()
     FROM unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::int[])
       AS found (uuid, index, name, memory, parent, profile, mig)
     ON CONFLICT ("nodeId", uuid) DO UPDATE SET index = excluded.index, name = excluded.name,
       "memoryTotalMiB" = excluded."memoryTotalMiB", "parentUuid" = excluded."parentUuid",
       "migProfile" = excluded."migProfile", "migIndex" = excluded."migIndex", "seenAt" = excluded."seenAt"`,
    [
      nodeId,
      gpus.map((gpu) => gpu.uuid),
      gpus.map((gpu) => gpu.index),
      gpus.map((gpu) => gpu.name),
      gpus.map((gpu) => gpu.memoryTotalMiB),
      gpus.map((gpu) => gpu.parentUuid),
      gpus.map((gpu) => gpu.migProfile),
      gpus.map((gpu) => gpu.migIndex),
    ],
  );
}

async function deleteOtherGpus(
  client: pg.PoolClient,
  nodeId: string,
  gpus: NodeInventory["gpus"],
): Promise<void> {
  await client.query(
    `DELETE FROM gpu WHERE "nodeId" = $1 AND uuid <> ALL ($2::text[])
       AND NOT EXISTS (SELECT 1 FROM gpu_claim c WHERE c."nodeId" = gpu."nodeId" AND c."gpuUuid" = gpu.uuid)`,
    [nodeId, gpus.map((gpu) => gpu.uuid)],
  );
}
