import { randomBytes } from "node:crypto";
import pg from "pg";
import { connectServer } from "./connect-server";

/** The processes that serve, each with a role of its own; migrations, backups and restores are the owner's. */
export type ServingProcess = "web" | "worker";

/** Secrets of nodes: only the worker decrypts them. What the web may do with them; it cannot even read the ciphertext. */
const WEB_RIGHTS_ON_SECRETS: ReadonlyMap<string, string | null> = new Map([
  ["credential", null],
  // Which secrets a node has.
  ["preparation_secret", "SELECT (node_id, name)"],
]);
/** A trail that whoever takes over a process could rewrite would prove nothing. */
const APPEND_ONLY_TABLES: ReadonlySet<string> = new Set(["audit_event"]);
const MIGRATIONS_TABLE = "_prisma_migrations";
const LOCK = 7_242_003;

function rightsOn(table: string, role: ServingProcess): string | null {
  if (table === MIGRATIONS_TABLE) return "SELECT";
  if (APPEND_ONLY_TABLES.has(table)) return "SELECT, INSERT";
  const onSecrets = role === "web" ? WEB_RIGHTS_ON_SECRETS.get(table) : undefined;
  if (onSecrets !== undefined) return onSecrets;
  return "SELECT, INSERT, UPDATE, DELETE";
}

/**
 * Makes the two roles on an embedded server, with passwords that are new with every call, and gives each its rights.
 * `url` is the owner's. Resolves to the addresses that the processes connect to.
 */
export async function makeRoles(url: string): Promise<Record<ServingProcess, string>> {
  return inOneTransaction(url, async (client) => {
    const urls = { web: "", worker: "" };
    for (const role of ["web", "worker"] as const) {
      const name = `trainyard_${role}`;
      const password = randomBytes(24).toString("base64url");
      const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [name]);
      const verb = rowCount === 0 ? "CREATE" : "ALTER";
      await client.query(`${verb} ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
      await grant(client, { role, name });
      const own = new URL(url);
      own.username = name;
      own.password = password;
      urls[role] = own.href;
    }
    return urls;
  });
}

/**
 * Gives the role that `serving` logs in as its rights, and takes away every other. For a server that somebody else keeps:
 * there the roles exist already. A role that owns the tables keeps its rights, whatever is granted.
 * @throws Error with words for people where the owner of `url` may not grant, or there is no such role
 */
export async function grantRights(
  url: string,
  serving: Partial<Record<ServingProcess, string>>,
): Promise<void> {
  const roles = (["web", "worker"] as const).flatMap((role) => {
    const own = serving[role];
    return own === undefined ? [] : [{ role, name: decodeURIComponent(new URL(own).username) }];
  });
  if (roles.length === 0) return;
  await inOneTransaction(url, async (client) => {
    for (const { role, name } of roles) {
      if (name === client.user) continue;
      await grant(client, { role, name });
    }
  });
}

async function grant(
  client: pg.Client,
  { role, name }: { role: ServingProcess; name: string },
): Promise<void> {
  const to = pg.escapeIdentifier(name);
  const { rows } = await client.query<{ schema: string; tables: string[] }>(
    `SELECT current_schema() AS schema, array(SELECT tablename::text FROM pg_tables
       WHERE schemaname = current_schema() ORDER BY 1) AS tables`,
  );
  const { schema = "public", tables = [] } = rows[0] ?? {};
  const within = pg.escapeIdentifier(schema);
  const statements = [
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${within} FROM ${to}`,
    `GRANT USAGE ON SCHEMA ${within} TO ${to}`,
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${within} TO ${to}`,
  ];
  for (const table of tables) {
    const rights = rightsOn(table, role);
    if (rights !== null)
      statements.push(`GRANT ${rights} ON ${within}.${pg.escapeIdentifier(table)} TO ${to}`);
  }
  for (const statement of statements) await client.query(statement);
}

/** Whether this connection could read what only the worker may. */
export async function canReadCredentials(pool: Pick<pg.Pool, "query">): Promise<boolean> {
  const { rows } = await pool.query<{ can: boolean }>(
    "SELECT bool_or(has_table_privilege(name, 'SELECT')) AS can FROM unnest($1::text[]) AS name",
    [[...WEB_RIGHTS_ON_SECRETS.keys()]],
  );
  return rows[0]?.can === true;
}

async function inOneTransaction<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectServer(url);
  try {
    await client.query("BEGIN");
    // Two starts at once would change the same rows of the catalogue.
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } finally {
    await client.end();
  }
}
