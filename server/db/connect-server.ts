import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

const CONNECT_TIMEOUT_MS = 10_000;
const STARTING_PATIENCE_MS = 60_000;
/** SQLSTATE cannot_connect_now. */
const STARTING = "57P03";

/** One connection. @throws Error that says in words what is wrong with DATABASE_URL, and never shows its password */
export async function connectServer(url: string): Promise<pg.Client> {
  const deadline = Date.now() + STARTING_PATIENCE_MS;
  for (;;) {
    const client = clientOf(url);
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (cause) {
      if (codeOf(cause) !== STARTING || Date.now() > deadline)
        throw new Error(problemOf(client, cause), { cause });
      await delay(250);
    }
  }
}

function clientOf(url: string): pg.Client {
  try {
    if (!/^postgres(ql)?:$/.test(new URL(url).protocol)) throw new Error("another protocol");
    return new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  } catch (cause) {
    throw new Error(
      "DATABASE_URL is no address of a PostgreSQL server. It reads postgresql://user:password@host:5432/trainyard; special characters in the password are percent-encoded (@ is %40).",
      { cause },
    );
  }
}

function problemOf({ host, port, user, database }: pg.Client, cause: unknown): string {
  const place = `${host}:${port}`;
  const code = codeOf(cause);
  switch (code) {
    case "ECONNREFUSED":
      return `No PostgreSQL server answers at ${place}. Start it, or correct DATABASE_URL.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `There is no host ${host}. Correct DATABASE_URL.`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return `The host ${host} cannot be reached. Check the network and DATABASE_URL.`;
    case "28P01":
      return `The PostgreSQL server at ${place} refuses the password of ${user}. Correct DATABASE_URL.`;
    case "28000":
      return `The PostgreSQL server at ${place} does not let ${user} in from here. Its pg_hba.conf decides that.`;
    case "3D000":
      return `There is no database ${database} at ${place}. Make it: CREATE DATABASE ${pg.escapeIdentifier(database ?? "")};`;
    case "53300":
      return `The PostgreSQL server at ${place} has no connection left (max_connections).`;
    default: {
      const reason = cause instanceof Error && cause.message ? cause.message : code;
      return /timeout/i.test(reason)
        ? `No answer from ${place} in ${CONNECT_TIMEOUT_MS / 1000} s. Check the network and DATABASE_URL.`
        : `Cannot connect to PostgreSQL at ${place}: ${reason}`;
    }
  }
}

function codeOf(error: unknown): string {
  // Node tries every address of a host name, and says so in one error of several.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
