import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv } from "../env";
import { createLogger } from "../log";
import { startWeb } from "./start-web";

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLogger("web", env.logLevel);
  // The bundle lies in dist/, one below the project.
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const web = await startWeb({ env, log, root, version: versionOf(root) });
  stopOnSignals(web.stop);
  if (web.firstAdmin !== null) announce(web.firstAdmin);
  log.info({ origin: web.origin }, "ready");
  process.send?.("ready");

  function stopOnSignals(stop: () => Promise<void>): void {
    let isStopping = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (isStopping) return;
        isStopping = true;
        stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, "stopping failed");
            process.exit(1);
          },
        );
      });
    }
  }
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
