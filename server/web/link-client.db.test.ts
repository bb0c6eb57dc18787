import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { container } from "../container";
import { type Site, startSite } from "./live-site";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterEach(() => site.tidy());
afterAll(() => site.stop());

describe("requests to the worker", () => {
  it("fail at once, and say why, while it is away", async () => {
    const asked = container().link.request("ping", {});
    await expect(asked).rejects.toMatchObject({
      code: "PRECONDITION",
      message: expect.stringContaining("worker"),
    });
  });

  it("carry the worker's refusal with its code and details", async () => {
    const hostKey = { algorithm: "ssh-ed25519", fingerprint: `SHA256:${"A".repeat(43)}`, blob: "AAAA" };
    await site.startWorker(() => ({
      ok: false,
      error: { code: "HOST_KEY_MISMATCH", message: "another key", details: { hostKey } },
    }));
    const asked = container().link.request("nodes.fetchHostKey", { host: "h", port: 22 });
    await expect(asked).rejects.toMatchObject({ code: "HOST_KEY_MISMATCH", details: { hostKey } });
  });

  it("end by their deadline, and when the worker dies meanwhile", async () => {
    const worker = await site.startWorker((name) =>
      name === "watch" ? { ok: true, data: { ticks: [] } } : null,
    );
    const late = container().link.request("ping", {}, { deadlineMs: 50 });
    await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
    const cut = container().link.request("ping", {});
    const refused = expect(cut).rejects.toMatchObject({ code: "PRECONDITION" });
    await worker.stop();
    await refused;
  });
});
