import { request as send } from "node:http";
import { afterEach, expect, it } from "vitest";
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
