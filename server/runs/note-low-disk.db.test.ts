import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../db";
import { type AttemptFixture, createAttemptFixture } from "../testing/attempt-fixture";
import { createTestDatabase, testContext } from "../testing/database";
import { noteLowDisk } from "./note-low-disk";
import { recordAttempt } from "./record-attempt";

let db: Database;
let fixture: AttemptFixture;
beforeAll(async () => {
  db = await createTestDatabase();
  fixture = await createAttemptFixture(db);
});
afterAll(() => db.close());

it("a disk that is almost full is told once, while the attempt is under way", async () => {
  const ctx = testContext(db);
  const { lease, attemptId } = fixture;
  const note = () => noteLowDisk({ ctx, lease, attemptId, disk: { freeGiB: 3.26, totalGiB: 200 } });
  expect(await note()).toBe(true);
  expect(ctx.published).toHaveLength(1);
  expect(await note()).toBe(false);
  const events = await db.prisma.attemptEvent.findMany({ where: { attemptId } });
  expect(events).toMatchObject([{ status: "running", isTerminal: false }]);
  expect(events[0]?.reason).toContain("3.3 of 200 GiB are left");
  await recordAttempt({ ctx, lease, attemptId, to: "failed", reason: "exit status 9" });
  await db.prisma.attemptEvent.deleteMany({ where: { isTerminal: false } });
  expect(await note()).toBe(false);
});
