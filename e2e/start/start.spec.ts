import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { startEmbeddedServer } from "../../server/db/embedded/embedded-server";
import { freePort } from "../../server/free-port";
import { isAlive } from "../../server/process-stat";
import { type Launched, launchProduct } from "../fixtures/launch-product";

let scratch: string;
let launched: Launched[];
test.beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "trainyard-start-"));
  // Open to PostgreSQL's user, or root's database would go to /var/lib.
  chmodSync(scratch, 0o711);
  launched = [];
});
test.afterEach(async () => {
  for (const one of launched) if (one.process.exitCode === null) await one.end("SIGTERM");
  rmSync(scratch, { recursive: true, force: true });
});

const logFile = () => join(scratch, "server.log");

/** From a folder that is not the project's. */
function launch(settings: Record<string, string>): Launched {
  const one = launchProduct({ settings, logFile: logFile(), cwd: scratch });
  launched.push(one);
  return one;
}

/** Web, worker and database all answer. */
async function expectHealthy(origin: string): Promise<void> {
  await expect(async () => {
    const health = await (await fetch(`${origin}/api/v1/health`)).json();
    expect(health).toMatchObject({ status: "ok", isDatabaseAvailable: true, isWorkerConnected: true });
  }).toPass();
}

test("a killed start is followed by another at once, in a deep folder with spaces and other letters", async () => {
  const directory = join(scratch, "so tief wie möglich/日本語".repeat(4), "data");
  const port = String(await freePort());
  const settings = { PORT: port, TRAINYARD_DATA_DIR: directory };
  const origin = `http://127.0.0.1:${port}`;
  const first = launch(settings);
  const welcome = await first.ready;
  expect(welcome).toContain(origin);
  expect(welcome).toContain(directory);
  await expectHealthy(origin);

  const second = launch(settings);
  await expect(second.ready).rejects.toThrow(
    `already runs on this data directory (process ${first.process.pid}): ${origin}`,
  );

  await first.end("SIGKILL");
  const third = launch(settings);
  await third.ready;
  await expectHealthy(origin);

  const postgres = Number(readFileSync(join(directory, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(postgres, "SIGKILL");
  await expect.poll(() => readFileSync(logFile(), "utf8")).toContain("PostgreSQL ended; starting it again");
  await expectHealthy(origin);

  const { children } = JSON.parse(readFileSync(join(directory, "run", "processes.json"), "utf8"));
  expect(await third.end("SIGTERM")).toBe(0);
  for (const { pid } of Object.values<{ pid: number }>(children)) expect(isAlive(pid)).toBe(false);
});

test("a busy port is refused with a free one to take, and leaves no process behind", async () => {
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  try {
    const refused = launch({ PORT: String(port), TRAINYARD_DATA_DIR: join(scratch, "data") });
    await expect(refused.ready).rejects.toThrow(
      new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use.*\\n.*PORT=\\d+ npm start`),
    );
  } finally {
    other.close();
  }
});

test("a server in DATABASE_URL is used, and PORT=0 becomes a port that is shown", async () => {
  const server = await startEmbeddedServer({
    directory: join(scratch, "server"),
    database: "given",
    isThrowaway: true,
  });
  try {
    const settings = { PORT: "0", TRAINYARD_DATA_DIR: join(scratch, "data"), DATABASE_URL: server.url };
    const welcome = await launch(settings).ready;
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(welcome)?.[0] ?? "";
    expect(origin).not.toMatch(/:0$/);
    expect(welcome).toContain("the database of DATABASE_URL");
    await expectHealthy(origin);
    await launched[0]?.end("SIGTERM");
  } finally {
    await server.stop();
  }
});
