import type pg from "pg";
import type { NodeInventory, NodeSettings } from "../../contracts/nodes";
import { inTransaction } from "../../db";
import { holdLease, type NodeLease } from "../../nodes/lease";
import { type CheckoutFlags, parseCheckoutFlags } from "../../recipes";
import program from "../scripts/read-flags.py";
import script from "../scripts/read-flags.sh";
import type { NodeConnection } from "../ssh";

const TIMEOUT_MS = 20_000;

export interface Checkout {
  /** SHA-256 of every source file that was read. */
  contentHash: string;
  commit: string | null;
  flags: CheckoutFlags;
}

/**
 * The flags that the node's own checkout takes, read from its sources without running them.
 * @returns null when there is no checkout, no Python, or nothing that can be read
 * @throws AppError NODE_UNREACHABLE, TIMEOUT
 */
export async function readCheckout(
  connection: NodeConnection,
  { inventory, settings }: { inventory: NodeInventory; settings: NodeSettings },
): Promise<Checkout | null> {
  const directory = inventory.examplesDirectory;
  if (directory === null) return null;
  const args = [settings.virtualEnvironment ?? "", directory, program];
  const result = await connection.runScript(script, { args, timeoutMs: TIMEOUT_MS });
  if (result.exitCode !== 0) return null;
  const read = parseCheckoutFlags(result.stdout.toString("utf8"));
  return read && { contentHash: read.hash, commit: inventory.examplesCommit, flags: read.flags };
}

/**
 * Keeps what was read; an unchanged checkout writes nothing, one that is gone loses its row.
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function storeCheckout(
  pool: pg.Pool,
  lease: NodeLease,
  checkout: Checkout | null,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await holdLease(client, lease);
    if (checkout === null) {
      await client.query(`DELETE FROM node_checkout WHERE "nodeId" = $1`, [lease.nodeId]);
      return;
    }
    await client.query(
      `INSERT INTO node_checkout ("nodeId", commit, "contentHash", flags, "readAt") VALUES ($1, $2, $3, $4, now())
       ON CONFLICT ("nodeId") DO UPDATE SET commit = excluded.commit, "contentHash" = excluded."contentHash",
         flags = excluded.flags, "readAt" = excluded."readAt"
       WHERE node_checkout."contentHash" <> excluded."contentHash"
         OR node_checkout.commit IS DISTINCT FROM excluded.commit`,
      [lease.nodeId, checkout.commit, checkout.contentHash, JSON.stringify(checkout.flags)],
    );
  });
}
