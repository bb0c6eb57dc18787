import type { ServingProcess } from "../db";
import { type Env, SETTINGS } from "../env";
import type { ChildName } from "./child";

export interface ChildPlace {
  env: Env;
  port: number;
  urls: Record<ServingProcess, string>;
}

/** What the system and Node.js read. Whatever else lies in the environment of a terminal is no business of a web server. */
const OF_THE_SYSTEM =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LC_[A-Z]+|TERM|NO_COLOR|FORCE_COLOR|NODE_.+|SSL_CERT_(?:FILE|DIR)|NEXT_.+)$/;
/** Addresses of the database as its owner or the worker, and where the key ring is. */
const NOT_OF_WEB: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "TRAINYARD_WEB_DATABASE_URL",
  "TRAINYARD_WORKER_DATABASE_URL",
  "TRAINYARD_KEY_FILE",
]);

/** The environment of one process: the web gets its own settings and nothing of the owner's or the worker's. */
export function childEnvironment(
  name: ChildName,
  { env, port, urls }: ChildPlace,
  source: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const isPassed = (variable: string) =>
    OF_THE_SYSTEM.test(variable) ||
    (SETTINGS.includes(variable) && !(name !== "worker" && NOT_OF_WEB.has(variable)));
  const passed = Object.entries(source).filter(([variable]) => isPassed(variable));
  return {
    ...Object.fromEntries(passed),
    NODE_ENV: env.mode,
    PORT: String(port),
    ...(name === "practice" ? {} : { DATABASE_URL: urls[name] }),
    TRAINYARD_DATA_DIR: env.dataDirectory,
    NEXT_TELEMETRY_DISABLED: "1",
  };
}
