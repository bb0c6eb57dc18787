import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const PORT_WORDS = "is a number from 0 to 65535; 0 lets the system choose.";
const PortNumber = z.coerce.number(PORT_WORDS).int(PORT_WORDS).min(0, PORT_WORDS).max(65535, PORT_WORDS);

const LISTEN_WORDS =
  "is an address of this machine that the web processes reach, with a port: 10.0.0.5:4100. An address that stands for all (0.0.0.0) tells them nothing.";
const HostAndPort = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, LISTEN_WORDS)
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(":")).replace(/^\[|\]$/g, ""),
    port: Number(text.slice(text.lastIndexOf(":") + 1)),
  }))
  .refine(({ host, port }) => port <= 65_535 && host !== "0.0.0.0" && host !== "::", LISTEN_WORDS);

const DAYS_WORDS = "is a number of days, 0 or more; leave it out to keep everything.";

/** Every setting of the product, from the environment. `.env.example` has the same list; nobody else reads process.env. */
const EnvSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  HOST: z.string().default("127.0.0.1"),
  PORT: PortNumber.default(3000),
  TRAINYARD_ORIGIN: z.url().optional(),
  TRAINYARD_DATA_DIR: z.string().default(".trainyard"),
  DATABASE_URL: z.string().optional(),
  TRAINYARD_WEB_DATABASE_URL: z.string().optional(),
  TRAINYARD_WORKER_DATABASE_URL: z.string().optional(),
  AUTH_SECRET: z.string().min(32, "needs at least 32 characters.").optional(),
  TRAINYARD_KEY_FILE: z.string().optional(),
  TRAINYARD_LINK_SOCKET: z.string().optional(),
  TRAINYARD_LINK_LISTEN: HostAndPort.optional(),
  TRAINYARD_LINK_SECRET: z.string().min(32, "needs at least 32 characters.").optional(),
  TRAINYARD_PRACTICE: z.enum(["on", "off"]).default("on"),
  TRAINYARD_PRACTICE_PORT: PortNumber.default(0),
  TRAINYARD_KEEP_NODE_LOGS_DAYS: z.coerce.number(DAYS_WORDS).min(0, DAYS_WORDS).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).optional(),
});

export const SETTINGS: readonly string[] = Object.keys(EnvSchema.shape);

export interface Env {
  mode: "development" | "production" | "test";
  host: string;
  port: number;
  /** Where browsers reach us: http://127.0.0.1:3000 */
  origin: string;
  dataDirectory: string;
  /** null: the embedded Postgres. */
  databaseUrl: string | null;
  /** Of a server that somebody else keeps: the same database as roles with fewer rights. null: as the owner. */
  webDatabaseUrl: string | null;
  workerDatabaseUrl: string | null;
  authSecret: string | null;
  keyFile: string;
  linkSocket: string;
  /** Where a worker listens for web processes of other machines, in place of the socket. */
  linkListen: { host: string; port: number } | null;
  linkSecret: string | null;
  isPracticeEnabled: boolean;
  practicePort: number;
  /** null: attempt directories stay on their nodes. */
  keepNodeLogsDays: number | null;
  logLevel: string;
}

/** @throws Error that names the variable and what it should be */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = EnvSchema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")} ${issue.message}`);
    throw new Error(`A setting is not valid:\n${lines.join("\n")}`);
  }
  const values = parsed.data;
  const dataDirectory = resolve(values.TRAINYARD_DATA_DIR);
  const shownHost = values.HOST === "0.0.0.0" || values.HOST === "::" ? "127.0.0.1" : values.HOST;
  return {
    mode: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    origin:
      values.TRAINYARD_ORIGIN ??
      `http://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${values.PORT}`,
    dataDirectory,
    databaseUrl: values.DATABASE_URL || null,
    webDatabaseUrl: values.TRAINYARD_WEB_DATABASE_URL || null,
    workerDatabaseUrl: values.TRAINYARD_WORKER_DATABASE_URL || null,
    authSecret: values.AUTH_SECRET ?? null,
    keyFile: values.TRAINYARD_KEY_FILE ?? join(dataDirectory, "keys", "ring.json"),
    linkSocket: values.TRAINYARD_LINK_SOCKET ?? linkSocketOf(dataDirectory),
    linkListen: values.TRAINYARD_LINK_LISTEN ?? null,
    linkSecret: values.TRAINYARD_LINK_SECRET ?? null,
    isPracticeEnabled: values.TRAINYARD_PRACTICE === "on",
    practicePort: values.TRAINYARD_PRACTICE_PORT,
    keepNodeLogsDays: values.TRAINYARD_KEEP_NODE_LOGS_DAYS ?? null,
    // Somebody who looks on wants what needs them; a file wants everything.
    logLevel: values.LOG_LEVEL ?? (process.stderr.isTTY ? "warn" : "info"),
  };
}

/** sun_path of unix(7), without its last NUL. */
const MAX_SOCKET_PATH_BYTES = 107;

/** In the data directory, or where that is too deep for a socket, in a folder of our own below /tmp: both processes find it by its name. */
function linkSocketOf(dataDirectory: string): string {
  const inside = join(dataDirectory, "run", "link.sock");
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside;
  const name = createHash("sha256").update(dataDirectory).digest("hex").slice(0, 16);
  return join("/tmp", `trainyard-${process.getuid?.() ?? 0}-${name}`, "link.sock");
}

/** The web process's signing secret: from the environment, or made once and kept in the data directory (0600). */
export function authSecret(env: Env): string {
  if (env.authSecret !== null) return env.authSecret;
  const file = join(env.dataDirectory, "keys", "auth-secret");
  if (!existsSync(file)) {
    mkdirSync(join(env.dataDirectory, "keys"), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  return readFileSync(file, "utf8").trim();
}
