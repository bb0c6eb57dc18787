import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProcess } from "../run-process";
import { startPractice } from "./start-practice";

void runProcess("practice", async ({ env, log }) => {
  const { server, address } = await startPractice({
    dataDirectory: env.dataDirectory,
    programDirectory: join(dirname(fileURLToPath(import.meta.url)), "practice"),
    port: env.practicePort,
    log,
  });
  log.info({ port: address.port }, "ready");
  return () => server.close();
});
