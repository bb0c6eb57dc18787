import { runProcess } from "../run-process";
import { startWorker } from "./start-worker";

void runProcess("worker", async ({ env, log }) => {
  if (env.databaseUrl === null)
    throw new Error("DATABASE_URL is not set. Start Trainyard with npm start: it brings a database.");
  const worker = await startWorker({ env, databaseUrl: env.databaseUrl, log });
  log.info({ pid: process.pid, owner: worker.owner }, "ready");
  return worker.stop;
});
