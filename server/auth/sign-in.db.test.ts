import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { CLIENT_ADDRESS_HEADER, createAuth, SIGN_IN_LIMIT } from "./create-auth";
import { createFirstAdmin, type FirstAdmin } from "./first-admin";
import { forwardAuth } from "./forward-auth";
import { sessionOf } from "./session-of";

const ORIGIN = "http://127.0.0.1:3000";
let db: Database;
let admin: FirstAdmin;
let ended: { userId: string; sessionId?: string }[];

beforeEach(async () => {
  db = await createTestDatabase();
  ended = [];
  const made = await createFirstAdmin({ ctx: testContext(db) });
  if (made === null) throw new Error("a new database has no users");
  admin = made;
});
afterEach(() => db.close());

/** A web process of its own: what they share is the database. */
function webProcess() {
  const auth = createAuth({ db, origin: ORIGIN, secret: "s".repeat(40), log: testContext(db).log });
  const call = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    forwardAuth(
      { auth, db, origin: ORIGIN, onSessionsEnded: (one) => ended.push(one) },
      new Request(`${ORIGIN}/api/auth/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: {
          "content-type": "application/json",
          "content-length": String(JSON.stringify(body).length),
          origin: ORIGIN,
          [CLIENT_ADDRESS_HEADER]: "192.0.2.7",
          ...headers,
        },
      }),
    );
  const session = (cookie: string) => sessionOf(auth, new Headers({ cookie }));
  return { call, session };
}

function cookieOf(response: Response): string {
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("signing in", () => {
  it("lets the first admin in with the one-time password, which must then be changed", async () => {
    const web = webProcess();
    const signedIn = await web.call("sign-in/email", admin);
    expect(signedIn.status).toBe(200);
    const setCookie = signedIn.headers.get("set-cookie") ?? "";
    expect(setCookie).toMatch(/HttpOnly/i);
    expect(setCookie).toMatch(/SameSite=Lax/i);
    const first = await web.session(cookieOf(signedIn));
    expect(first?.user).toMatchObject({ email: admin.email, role: "admin", mustChangePassword: true });

    const newPassword = "a-much-better-one";
    const changed = await web.call(
      "change-password",
      { currentPassword: admin.password, newPassword },
      { cookie: cookieOf(signedIn) },
    );
    expect(changed.status).toBe(200);
    expect(await web.session(cookieOf(signedIn))).toBeNull();
    expect((await web.session(cookieOf(changed)))?.user.mustChangePassword).toBe(false);
    expect(ended).toHaveLength(1);
    expect((await web.call("sign-in/email", admin)).status).toBe(401);
    expect((await web.call("sign-in/email", { email: admin.email, password: newPassword })).status).toBe(200);
  });

  it("makes the first admin once, however many processes start", async () => {
    const empty = await createTestDatabase();
    const made = await Promise.all(
      Array.from({ length: 3 }, () => createFirstAdmin({ ctx: testContext(empty) })),
    );
    expect(made.filter((one) => one !== null)).toHaveLength(1);
    expect(await empty.prisma.user.count()).toBe(1);
    await empty.close();
  });

  it("says the same of a wrong password and of an unknown address", async () => {
    const web = webProcess();
    const wrong = await web.call("sign-in/email", { ...admin, password: "not this one" });
    const unknown = await web.call("sign-in/email", { ...admin, email: "nobody@trainyard.local" });
    const shown = async (response: Response) => {
      const body = (await response.json()) as { error: { code: string; message: string } };
      return { status: response.status, code: body.error.code, message: body.error.message };
    };
    expect(await shown(wrong)).toEqual(await shown(unknown));
    expect(wrong.status).toBe(401);
  });

  it("counts attempts of one address across web processes and leaves others alone", async () => {
    const [one, two] = [webProcess(), webProcess()];
    const wrong = { email: admin.email, password: "guess" };
    const statuses: number[] = [];
    for (let i = 0; i < SIGN_IN_LIMIT; i += 1)
      statuses.push((await (i % 2 ? one : two).call("sign-in/email", wrong)).status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    const refused = await one.call("sign-in/email", admin);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await two.call("sign-in/email", admin)).status).toBe(429);
    expect((await two.call("sign-in/email", admin, { [CLIENT_ADDRESS_HEADER]: "192.0.2.8" })).status).toBe(
      200,
    );
  });

  it("ends the session on signing out and tells whose sockets to close", async () => {
    const web = webProcess();
    const cookie = cookieOf(await web.call("sign-in/email", admin));
    const userId = (await web.session(cookie))?.user.id;
    expect((await web.call("sign-out", {}, { cookie })).status).toBe(200);
    expect(await web.session(cookie)).toBeNull();
    expect(ended).toMatchObject([{ userId }]);
  });

  it("refuses another site's page", async () => {
    const response = await webProcess().call("sign-in/email", admin, { origin: "https://evil.example" });
    expect(response.status).toBe(403);
  });

  it("knows no sign-up and none of the library's other endpoints", async () => {
    const web = webProcess();
    const account = { email: "x@y.example", password: "long enough, surely", name: "x" };
    for (const path of ["sign-up/email", "update-user", "list-sessions", "delete-user", "error", "ok"]) {
      expect((await web.call(path, account)).status, path).toBe(404);
    }
    expect(await db.prisma.user.count()).toBe(1);
  });

  it("refuses a new password that is short or the old one", async () => {
    const web = webProcess();
    const cookie = cookieOf(await web.call("sign-in/email", admin));
    const change = (newPassword: string) =>
      web.call("change-password", { currentPassword: admin.password, newPassword }, { cookie });
    expect((await change("short")).status).toBe(400);
    expect((await change(admin.password)).status).toBe(400);
    expect((await web.session(cookie))?.user.mustChangePassword).toBe(true);
  });
});
