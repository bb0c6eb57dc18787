import { afterAll, beforeAll, expect, it } from "vitest";
import { type Database, openDatabase } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { startTcpProxy, type TcpProxy } from "../testing/tcp-proxy";
import { watchDatabase } from "./database-monitor";

let real: Database;
let db: Database;
let proxy: TcpProxy;

beforeAll(async () => {
  real = await createTestDatabase();
  const url = new URL(real.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  db = openDatabase(url.href);
});
afterAll(async () => {
  await db.close();
  await proxy.stop();
  await real.close();
});

it("notices that Postgres went away or hangs, and that it is back, and tells each once", async () => {
  const seen: boolean[] = [];
  const monitor = watchDatabase({
    db,
    log: testContext(real).log,
    onChange: (isAvailable) => seen.push(isAvailable),
  });
  expect(await monitor.check()).toBe(true);

  proxy.setRefusing(true);
  proxy.cutNow();
  expect(await monitor.check()).toBe(false);
  expect(await monitor.check()).toBe(false);
  expect(monitor.isAvailable()).toBe(false);

  proxy.setRefusing(false);
  expect(await monitor.check()).toBe(true);

  proxy.stall();
  expect(await monitor.check()).toBe(false);
  proxy.resume();
  expect(await monitor.check()).toBe(true);
  monitor.stop();
  expect(seen).toEqual([false, true, false, true]);
});
