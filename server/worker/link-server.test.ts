import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLogger } from "../log";
import { startLinkServer } from "./link-server";

function get(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path }, async (response) => {
      let body = "";
      for await (const piece of response) body += piece;
      resolve({ status: response.statusCode ?? 0, body });
    });
    sent.on("error", reject).end();
  });
}

it("says on its socket that the worker is alive, and nothing else without the secret", async () => {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-link-"));
  const socketPath = join(directory, "run", "link.sock");
  const link = await startLinkServer({
    socketPath,
    listen: null,
    secret: "s",
    log: createLogger("test", "fatal"),
    answer: async () => ({ ok: true, data: {} }),
    onGone: () => {},
  });
  try {
    expect(await get(socketPath, "/healthz")).toEqual({ status: 200, body: '{"status":"alive"}\n' });
    expect((await get(socketPath, "/metrics")).status).toBe(404);
  } finally {
    await link.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
