import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "../env";
import { createLogger, type Logger } from "../log";
import { startWeb, type Web } from "./start-web";

/** Short of the 10 s after which whoever stops us stops waiting. */
const STOP_DEADLINE_MS = 9_000;

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLogger("web", env.logLevel);
  // What matters is in Postgres and on the nodes: starting anew is safe, going on after a surprise is not.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event);
      process.exit(1);
    });
  }
  // The bundle lies in dist/, one below the project.
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const web = await startWeb({ env, log, root, version: versionOf(root) });
  stopWhenAsked(web, log);
  if (web.firstAdmin !== null) announce(web.firstAdmin);
  log.info({ origin: web.origin }, "ready");
  process.send?.("ready");
}

function stopWhenAsked(web: Web, log: Logger): void {
  let isStopping = false;
  const stop = (why: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ why }, "stopping");
    setTimeout(() => {
      log.error("stopping took too long");
      process.exit(1);
    }, STOP_DEADLINE_MS);
    web.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  // A supervisor that was killed cannot stop us, and the next one needs our port.
  process.on("disconnect", () => stop("the supervisor is gone"));
}

/** The supervisor prints it; alone, this process does. Never through the log. */
function announce({ email, password }: { email: string; password: string }): void {
  if (process.send) {
    process.send({ type: "first-admin", email, password });
    return;
  }
  process.stdout.write(`First sign-in: ${email} with the one-time password ${password} (shown once)\n`);
}

function versionOf(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

main().catch((error: unknown) => {
  process.stderr.write(`web: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
