import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProcess } from "../run-process";
import { startWeb } from "./start-web";

// The bundle lies in dist/, one below the project.
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

void runProcess("web", async ({ env, log }) => {
  const web = await startWeb({ env, log, root, version: versionOf(root) });
  if (web.firstAdmin !== null) announce(web.firstAdmin);
  log.info({ origin: web.origin }, "ready");
  return web.stop;
});

/** Only where no supervisor made the account before. Never through the log. */
function announce({ email, password }: { email: string; password: string }): void {
  process.stdout.write(`First sign-in: ${email} with the one-time password ${password} (shown once)\n`);
}

function versionOf(directory: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}
