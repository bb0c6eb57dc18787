import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { actorOfRequest } from "./actor-of-request";
import { createAuth } from "./create-auth";
import { createToken } from "./create-token";
import { createFirstAdmin } from "./first-admin";
import { listTokens } from "./list-tokens";
import { revokeToken } from "./revoke-token";

let db: Database;
let now = new Date("2026-01-01T00:00:00Z");
const clock = () => now;

beforeAll(async () => {
  db = await createTestDatabase();
  await createFirstAdmin({ ctx: testContext(db) });
});
afterAll(() => db.close());

function ask(token: string) {
  const ctx = testContext(db);
  const auth = createAuth({ db, origin: "http://127.0.0.1:3000", secret: "s".repeat(40), log: ctx.log });
  return actorOfRequest({ auth, db, now: clock }, new Headers({ authorization: `Bearer ${token}` }));
}

describe("API tokens", () => {
  it("acts as its owner and is stored only as a hash", async () => {
    const created = await createToken({ ctx: testContext(db), input: { name: "ci", expiresInDays: null } });
    const found = await ask(created.token);
    expect(found).toMatchObject({ via: "token", actor: { name: "token ci", role: "admin" } });
    const rows = await db.prisma.apiToken.findMany();
    expect(JSON.stringify(rows)).not.toContain(created.token);
    expect(created.token.startsWith(created.prefix)).toBe(true);
  });

  it("is nobody with a wrong, an expired or a revoked token", async () => {
    const ctx = testContext(db, { now: clock });
    const short = await createToken({ ctx, input: { name: "short", expiresInDays: 1 } });
    expect(await ask(`${short.token.slice(0, -1)}${short.token.endsWith("A") ? "B" : "A"}`)).toBeNull();
    expect(await ask(short.token)).not.toBeNull();
    now = new Date("2026-01-03T00:00:00Z");
    expect(await ask(short.token)).toBeNull();

    const lasting = await createToken({ ctx, input: { name: "lasting", expiresInDays: null } });
    const owner = await db.prisma.user.findFirstOrThrow();
    const asOwner = { ...ctx, actor: { id: owner.id, name: owner.email, role: "admin" as const } };
    await revokeToken({ ctx: asOwner, input: { id: lasting.id } });
    expect(await ask(lasting.token)).toBeNull();
    const { items } = await listTokens({ ctx: asOwner });
    expect(items.map((token) => token.name)).not.toContain("lasting");
    expect(JSON.stringify(items)).not.toContain(short.token);
  });

  it("writes down its use at most once a minute", async () => {
    const created = await createToken({ ctx: testContext(db), input: { name: "busy", expiresInDays: null } });
    const lastUse = async () =>
      (await db.prisma.apiToken.findUniqueOrThrow({ where: { id: created.id } })).lastUsedAt;
    now = new Date("2026-02-01T00:00:00Z");
    await ask(created.token);
    now = new Date("2026-02-01T00:00:30Z");
    await ask(created.token);
    expect(await lastUse()).toEqual(new Date("2026-02-01T00:00:00Z"));
    now = new Date("2026-02-01T00:01:01Z");
    await ask(created.token);
    expect(await lastUse()).toEqual(now);
  });

  it("cannot be revoked by somebody else", async () => {
    const created = await createToken({ ctx: testContext(db), input: { name: "mine", expiresInDays: null } });
    const other = testContext(db, { actor: { id: "somebody", name: "somebody", role: "admin" } });
    await expect(revokeToken({ ctx: other, input: { id: created.id } })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
