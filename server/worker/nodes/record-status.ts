import type { ErrorCode } from "../../contracts/errors";
import type { NODE_STATUSES } from "../../contracts/statuses";
import { type Database, inTransaction } from "../../db";
import type { AppError } from "../../errors";
import { holdLease, type NodeLease } from "../../nodes/lease";

export type NodeStatus = (typeof NODE_STATUSES)[number];

const STATUS_OF_CODE: Partial<Record<ErrorCode, NodeStatus>> = {
  SSH_AUTH_REJECTED: "auth_rejected",
  HOST_KEY_MISMATCH: "host_key_mismatch",
  HOST_KEY_UNKNOWN: "host_key_mismatch",
  VALIDATION: "credential_missing",
  PRECONDITION: "credential_missing",
};

/** What the failure to connect says about a node. Its training goes on in every case. */
export function statusOfFailure(error: AppError): NodeStatus {
  return STATUS_OF_CODE[error.code] ?? "unreachable";
}

/**
 * Writes the link's status, fenced. `contactAt` is when the node was last heard of, null to leave it.
 * @returns whether the row now says something else than before
 * @throws AppError CONFLICT when the lease is no longer ours
 */
export async function recordStatus(
  db: Database,
  lease: NodeLease,
  change: { status: NodeStatus; error: AppError | null; contactAt: Date | null },
): Promise<boolean> {
  return inTransaction(db.pool, async (client) => {
    await holdLease(client, lease);
    const { status, error, contactAt } = change;
    const message = error === null ? null : [error.message, error.hint].filter(Boolean).join(" ");
    const { rows } = await client.query<{ isChanged: boolean }>(
      `UPDATE node n SET status = $2, "statusCode" = $3, "statusMessage" = $4,
         "statusChangedAt" = CASE WHEN n.status = $2 THEN n."statusChangedAt" ELSE now() END,
         "lastContactAt" = COALESCE($5, n."lastContactAt")
       FROM (SELECT id, status, "statusMessage" FROM node WHERE id = $1) before
       WHERE n.id = before.id
       RETURNING before.status <> $2 OR before."statusMessage" IS DISTINCT FROM $4 AS "isChanged"`,
      [lease.nodeId, status, error?.code ?? null, message, contactAt],
    );
    return rows[0]?.isChanged ?? false;
  });
}

/** Only the time of the last contact. @throws AppError CONFLICT */
export async function recordContact(db: Database, lease: NodeLease, contactAt: Date): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    await holdLease(client, lease);
    await client.query(`UPDATE node SET "lastContactAt" = $2 WHERE id = $1`, [lease.nodeId, contactAt]);
  });
}
