import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createFirstAdmin } from "../../../server/auth";
import { freePort } from "../../../server/free-port";
import { testContext } from "../../../server/testing/database";
import { startTcpProxy, type TcpProxy } from "../../../server/testing/tcp-proxy";
import type { WorkerYard } from "./worker-yard";

/** The built web process with its pages, beside the yard's worker "one". Browsers reach it through a proxy alone. */
export interface WebProcess {
  origin: string;
  proxy: TcpProxy;
  admin: { email: string; password: string };
  stop: () => Promise<void>;
}

/** Why there are no pages to start; null: there are. */
export const pagesUnavailable: string | null =
  existsSync("dist/web.mjs") && existsSync(".next/BUILD_ID") ? null : "the pages are not built";

/** @throws Error when it ends instead of becoming ready */
export async function startWebProcess(yard: WorkerYard, worker: string): Promise<WebProcess> {
  const { db } = yard.node;
  const admin = await createFirstAdmin({ ctx: testContext(db) });
  if (admin === null) throw new Error("a new database has no users");
  await db.prisma.user.updateMany({ data: { mustChangePassword: false } });
  const port = await freePort();
  const proxy = await startTcpProxy({ host: "127.0.0.1", port });
  const origin = `http://127.0.0.1:${proxy.port}`;
  const child = spawn(process.execPath, ["dist/web.mjs"], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: String(port),
      TRAINYARD_ORIGIN: origin,
      TRAINYARD_DATA_DIR: yard.dataDirectory(worker),
      DATABASE_URL: db.url,
    },
  });
  const ended = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), ended]);
  if (typeof message !== "object" || message === null || message.type !== "ready")
    throw new Error(`the web process did not start: ${JSON.stringify(message)}`);
  return {
    origin,
    proxy,
    admin,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      await proxy.stop();
    },
  };
}
