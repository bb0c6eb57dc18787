import { request as send } from "node:http";
import { pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import { MAX_DATA_FILE_BYTES } from "../contracts/data-facts";
import { closeHttpServer, createHttpServer, listen, type PageHandler } from "./http-server";

const open: ReturnType<typeof createHttpServer>[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await closeHttpServer(server);
});

/** Answers with what came as the body. */
const echo: PageHandler = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  response.end(Buffer.concat(chunks));
};

function serve(bodyPatienceMs: number) {
  const security = () => ({ origin: "http://127.0.0.1", isDevelopment: false });
  const server = createHttpServer(
    {
      security,
      pages: () => (request, response) => echo(request, response).catch(() => {}),
      otherUpgrades: () => null,
    },
    { bodyPatienceMs },
  );
  open.push(server);
  return server;
}

/** Sends half of a body, and the rest once `patienceMs` have passed twice. */
function sendSlowly(
  port: number,
  path: string,
  patienceMs: number,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = send({ port, host: "127.0.0.1", path, method: "POST" }, async (response) => {
      let body = "";
      for await (const piece of response) body += piece;
      resolve({ status: response.statusCode ?? 0, body });
    });
    request.on("error", reject);
    request.write("half ");
    setTimeout(() => request.end("and half"), 2 * patienceMs);
  });
}

it("leaves the largest data set the time that it takes at 1 Mbit/s, and headers 20 seconds", () => {
  const { requestTimeout, headersTimeout } = serve(100);
  expect(requestTimeout).toBeGreaterThan((MAX_DATA_FILE_BYTES * 8) / 1000);
  expect(headersTimeout).toBe(20_000);
});

it("cuts off a body that takes longer than it may, but no file", async () => {
  const port = await listen(serve(100), { host: "127.0.0.1", port: 0 });
  expect((await sendSlowly(port, "/api/v1/runs", 100)).status).toBe(408);
  expect(await sendSlowly(port, "/api/v1/datasets?name=a", 100)).toEqual({
    status: 200,
    body: "half and half",
  });
});

it("logs each request under an id of our own, which the reply carries too, and never what was searched for", async () => {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const seen: unknown[] = [];
  const server = createHttpServer({
    log,
    security: () => ({ origin: "http://127.0.0.1", isDevelopment: false }),
    pages: () => async (request, response) => {
      seen.push(request.headers["x-request-id"]);
      response.writeHead(request.method === "POST" ? 500 : 200).end();
    },
    otherUpgrades: () => null,
  });
  open.push(server);
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  const ask = (method: string) =>
    fetch(`http://127.0.0.1:${port}/api/v1/runs?query=secret`, {
      method,
      headers: { "x-request-id": "mine" },
    });
  const replies = [await ask("GET"), await ask("POST")];
  await vi.waitFor(() => expect(lines).toHaveLength(2));
  expect(lines.join("")).not.toMatch(/secret|mine/);
  const ids = replies.map((reply) => reply.headers.get("x-request-id"));
  expect(new Set(ids).size).toBe(2);
  expect(seen).toEqual(ids);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 20, requestId: ids[0], method: "GET", path: "/api/v1/runs", status: 200, isCutOff: false },
    { level: 40, requestId: ids[1], method: "POST", path: "/api/v1/runs", status: 500, isCutOff: false },
  ]);
});

it("stops within its patience of 3 s though a download is open, and lets a short request end", async () => {
  const finishing: (() => void)[] = [];
  const server = createHttpServer({
    security: () => ({ origin: "http://127.0.0.1", isDevelopment: false }),
    pages: () => async (request, response) => {
      response.write("the first of it");
      if (request.url === "/short") finishing.push(() => response.end(", the last of it"));
    },
    otherUpgrades: () => null,
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  const download = await fetch(`http://127.0.0.1:${port}/long`);
  const short = await fetch(`http://127.0.0.1:${port}/short`);
  const cut = download.text().catch(() => "cut");
  const startedAt = performance.now();
  const closing = closeHttpServer(server);
  for (const finish of finishing) finish();
  expect(await short.text()).toBe("the first of it, the last of it");
  await closing;
  expect(performance.now() - startedAt).toBeLessThan(4_500);
  expect(await cut).toBe("cut");
});
