import { join } from "node:path/posix";
import type { z } from "zod";
import type { ListFilesQuery, RemoteFile } from "../contracts/attempts";
import type { LinkOutput } from "../contracts/link";
import type { Database } from "../db";
import { AppError } from "../errors";
import type { NodeConnection, RemoteStat } from "./ssh";

type FileQuery = z.output<typeof ListFilesQuery> & { attemptId: string };

const MAX_ENTRIES = 2_000;
const MAX_READ_BYTES = 1024 * 1024;
/** Holds the secrets of the attempt's environment. */
const SECRET_FILE = "env";

export interface AttemptPlace {
  nodeId: string;
  directory: string | null;
  outputDirectory: string | null;
}

/** @throws AppError NOT_FOUND */
export async function attemptPlace(db: Database, attemptId: string): Promise<AttemptPlace> {
  const { rows } = await db.pool.query<AttemptPlace>(
    `SELECT p."nodeId", a.directory, a."outputDirectory"
     FROM attempt a JOIN placement p ON p."attemptId" = a.id AND p.rank = 0 WHERE a.id = $1`,
    [attemptId],
  );
  if (!rows[0]) throw new AppError("NOT_FOUND", "There is no such attempt.");
  return rows[0];
}

/** One directory of an attempt, as the node lists it now. @throws AppError NOT_FOUND, FORBIDDEN, NODE_UNREACHABLE, TIMEOUT */
export async function listAttemptFiles(
  connection: NodeConnection,
  place: AttemptPlace,
  query: FileQuery,
): Promise<LinkOutput<"files.list">> {
  const directory = await resolveInside(connection, place, query);
  const entries = await connection.files.list(directory);
  const files = entries
    .map((entry) => toRemoteFile(query.path, entry))
    .sort(
      (a, b) => Number(b.type === "directory") - Number(a.type === "directory") || (a.name < b.name ? -1 : 1),
    );
  return { directory, files: files.slice(0, MAX_ENTRIES) };
}

/** The first MiB of a file. @throws as listAttemptFiles */
export async function readAttemptFile(
  connection: NodeConnection,
  place: AttemptPlace,
  query: FileQuery,
): Promise<LinkOutput<"files.read">> {
  const path = await resolveInside(connection, place, query);
  const stat = await connection.files.stat(path);
  if (stat?.type !== "file") throw new AppError("NOT_FOUND", `${query.path} is not a file.`);
  const handle = await connection.files.open(path);
  try {
    const sizeBytes = await handle.size();
    const bytes = await handle.read(0, Math.min(sizeBytes, MAX_READ_BYTES));
    return { sizeBytes, base64: bytes.toString("base64"), isTruncated: sizeBytes > bytes.length };
  } finally {
    await handle.close();
  }
}

/** Resolved on the node, so that neither ".." nor a link leads out of the tree. */
async function resolveInside(
  connection: NodeConnection,
  place: AttemptPlace,
  query: FileQuery,
): Promise<string> {
  const root = query.root === "output" ? place.outputDirectory : place.directory;
  if (root === null)
    throw new AppError("NOT_FOUND", "The attempt has not been started, so there are no files yet.");
  const realRoot = await connection.files.realpath(root);
  const path = await connection.files.realpath(join(realRoot, query.path));
  if (path !== realRoot && !path.startsWith(`${realRoot}/`)) {
    throw new AppError("FORBIDDEN", "That path leads out of the attempt's files.");
  }
  if (query.root === "attempt" && path === `${realRoot}/${SECRET_FILE}`) {
    throw new AppError("FORBIDDEN", "The attempt's environment may hold secrets and is not shown.");
  }
  return path;
}

function toRemoteFile(parent: string, entry: { name: string; stat: RemoteStat }): RemoteFile {
  return {
    name: entry.name,
    path: join(parent, entry.name),
    type: entry.stat.type,
    sizeBytes: entry.stat.size,
    modifiedAt: new Date(entry.stat.modifiedAt * 1000).toISOString(),
  };
}
