import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { container } from "../container";
import { outcome, type Site, startSite } from "./live-site";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterEach(() => site.tidy());
afterAll(() => site.stop());

describe("who may connect", () => {
  it("lets a page with a session in, and says what is live", async () => {
    const client = site.open({ origin: site.origin, cookie: site.cookie });
    const link = new Promise((resolve) => client.once("link", resolve));
    expect(await outcome(client)).toBe("connected");
    expect(await link).toEqual({ isWorkerConnected: false, isDatabaseAvailable: true });
  });

  it.each([
    ["no session", () => ({ origin: site.origin })],
    ["a session, but another site's page", () => ({ origin: "https://evil.example", cookie: site.cookie })],
    ["a session, but an origin of null", () => ({ origin: "null", cookie: site.cookie })],
    ["a session, but no origin", () => ({ cookie: site.cookie })],
    ["a forged session", () => ({ origin: site.origin, cookie: `${site.cookie}x` })],
    ["a wrong token", () => ({ authorization: `Bearer ${site.token}x` })],
  ])("refuses %s before the upgrade", async (_what, headers) => {
    expect(await outcome(site.open(headers() as Record<string, string>))).not.toBe("connected");
  });

  it("lets a program with a token in", async () => {
    expect(await outcome(site.open({ authorization: `Bearer ${site.token}` }))).toBe("connected");
  });

  it("closes the sockets of a session that ends, and does not let it back", async () => {
    const admin = await site.db.prisma.user.findFirstOrThrow();
    const other = await container().sessionOf(new Headers({ cookie: site.cookie }));
    expect(other?.user.id).toBe(admin.id);
    const client = await site.viewer();
    const gone = new Promise((resolve) => client.once("disconnect", resolve));
    const sessions = await site.db.prisma.session.findMany();
    const response = await container().handleAuth(
      new Request(`${site.origin}/api/auth/sign-out`, {
        method: "POST",
        headers: { origin: site.origin, cookie: site.cookie },
      }),
    );
    expect(response.status).toBe(200);
    await gone;
    expect(await outcome(site.open({ origin: site.origin, cookie: site.cookie }))).not.toBe("connected");
    await site.db.prisma.session.createMany({ data: sessions });
  });
});

it("answers no upgrade outside the sockets' path", async () => {
  const client = site.open({ origin: site.origin, cookie: site.cookie }, "/link");
  expect(await outcome(client)).not.toBe("connected");
});
