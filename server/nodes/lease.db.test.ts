import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, inTransaction } from "../db";
import { createTestDatabase } from "../testing/database";
import { waitUntil } from "../testing/processes";
import { acquireLease, holdLease, type NodeLease, releaseLease } from "./lease";

let db: Database;
let nodeId: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

function newNode(): void {
  nodeId = crypto.randomUUID();
}
const acquire = (owner: string) => acquireLease(db.pool, nodeId, owner);
async function held(owner: string): Promise<NodeLease> {
  const lease = await acquire(owner);
  if (lease === null) throw new Error(`${owner} did not get the lease`);
  return lease;
}
const expire = () =>
  db.pool.query("UPDATE node_lease SET until = clock_timestamp() - interval '1 ms' WHERE node_id = $1", [
    nodeId,
  ]);
const canWrite = (lease: NodeLease) =>
  inTransaction(db.pool, (client) => holdLease(client, lease)).then(
    () => true,
    (error: { code?: string }) => {
      expect(error.code).toBe("CONFLICT");
      return false;
    },
  );

describe("a lease", () => {
  it("goes to one of twenty that ask at once", async () => {
    newNode();
    const leases = await Promise.all(Array.from({ length: 20 }, (_, n) => acquire(`worker-${n}`)));
    const got = leases.filter((lease) => lease !== null);
    expect(got).toHaveLength(1);
    expect(got[0]?.epoch).toBe(1n);
  });

  it("is renewed by its owner under the same epoch, and refused to others while it runs", async () => {
    newNode();
    const lease = await held("one");
    expect(await held("one")).toEqual(lease);
    expect(await acquire("two")).toBeNull();
    expect(await canWrite(lease)).toBe(true);
  });

  it("that ran out lets nobody write, and goes to another with the next epoch", async () => {
    newNode();
    const old = await held("one");
    await expire();
    expect(await canWrite(old)).toBe(false);
    const taken = await held("two");
    expect(taken.epoch).toBe(old.epoch + 1n);
    expect([await canWrite(old), await canWrite(taken)]).toEqual([false, true]);
    await expire();
    const back = await held("one");
    expect(back.epoch).toBe(old.epoch + 2n);
    expect(await canWrite(old)).toBe(false);
  });

  it("that is given back is free at once, and only its owner can give it back", async () => {
    newNode();
    const lease = await held("one");
    await releaseLease(db.pool, { ...lease, owner: "two" });
    await releaseLease(db.pool, { ...lease, epoch: lease.epoch + 1n });
    expect(await acquire("two")).toBeNull();
    await releaseLease(db.pool, lease);
    expect(await acquire("two")).not.toBeNull();
  });

  it("that is held in a transaction keeps a takeover out until the transaction ends, even past its time", async () => {
    newNode();
    const lease = await held("one");
    await db.pool.query(
      "UPDATE node_lease SET until = clock_timestamp() + interval '100 ms' WHERE node_id = $1",
      [nodeId],
    );
    const order: string[] = [];
    let taking: Promise<unknown> = Promise.resolve();
    await inTransaction(db.pool, async (client) => {
      await holdLease(client, lease);
      const isOver = "SELECT until < clock_timestamp() AS yes FROM node_lease WHERE node_id = $1";
      await waitUntil(async () => (await client.query(isOver, [nodeId])).rows[0]?.yes === true, "its end");
      taking = acquire("two").then((taken) => order.push(`epoch ${taken?.epoch}`));
      const isWaiting =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      await waitUntil(async () => (await client.query(isWaiting)).rowCount !== 0, "the other to wait");
      order.push("written");
    });
    await taking;
    expect(order).toEqual(["written", "epoch 2"]);
  });

  it("that a frozen owner holds in a transaction is let go by Postgres, which the owner learns and survives", async () => {
    newNode();
    const lease = await held("one");
    await expire();
    const frozen = inTransaction(db.pool, async (client) => {
      const limit = await client.query("SHOW idle_in_transaction_session_timeout");
      expect(limit.rows[0]?.idle_in_transaction_session_timeout).toBe("10s");
      await client.query("SET LOCAL idle_in_transaction_session_timeout = '50ms'");
      await client.query("SELECT 1 FROM node_lease WHERE node_id = $1 FOR SHARE", [nodeId]);
      const taken = await acquire("two");
      expect(taken?.epoch).toBe(lease.epoch + 1n);
      await holdLease(client, lease);
    });
    await expect(frozen).rejects.toThrow();
    expect(await canWrite(lease)).toBe(false);
  });
});
