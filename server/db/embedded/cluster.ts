import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { freePort } from "../../free-port";
import { isAlive } from "../../process-stat";
import { writeAtomically } from "../../write-atomically";
import { type Account, canEnter, identity } from "./account";

const Cluster = z.object({ port: z.number(), password: z.string(), dataDirectory: z.string() });
/** Where PostgreSQL's files are, and how to reach the server on them. Kept in postgres.json. */
export type Cluster = z.infer<typeof Cluster>;

interface Place {
  /** Trainyard's data directory. */
  directory: string;
  /** Where to go when `directory` is closed to the server's user. */
  openDirectory: string;
  account: Account | null;
}

/** What an earlier start left, or a new port and password. */
export async function loadCluster(place: Place): Promise<Cluster> {
  const saved = readSaved(place.directory);
  if (saved !== null) return { ...saved, dataDirectory: dataDirectoryOf(place, saved.dataDirectory) };
  const cluster = {
    port: await freePort(),
    password: randomBytes(24).toString("base64url"),
    dataDirectory: dataDirectoryOf(place, null),
  };
  if (existsSync(join(cluster.dataDirectory, "PG_VERSION")))
    throw new Error(
      `${join(place.directory, "postgres.json")} is missing or damaged, and without it nobody can log in to the database in ${cluster.dataDirectory}. Restore that file from a backup, or move both away to start anew.`,
    );
  saveCluster(place.directory, cluster);
  return cluster;
}

export function saveCluster(directory: string, cluster: Cluster): void {
  writeAtomically(join(directory, "postgres.json"), JSON.stringify(cluster));
}

function readSaved(directory: string): Cluster | null {
  const file = join(directory, "postgres.json");
  if (!existsSync(file)) return null;
  try {
    return Cluster.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Damaged: what that means depends on whether there is a database already.
    return null;
  }
}

/** The folder moves with the data directory, unless it had to be put where the server's user can go. */
function dataDirectoryOf({ directory, openDirectory, account }: Place, saved: string | null): string {
  if (saved?.startsWith(`${openDirectory}/`) && existsSync(saved)) return saved;
  const inside = join(directory, "postgres");
  if (canEnter(account, directory)) return inside;
  if (existsSync(join(inside, "PG_VERSION")))
    throw new Error(
      `PostgreSQL runs as the user ${account?.name}, who cannot enter ${directory}. Open the folders above it (chmod o+x), or move it elsewhere and set TRAINYARD_DATA_DIR.`,
    );
  const hash = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  return join(openDirectory, `${basename(directory)}-${hash}`, "postgres");
}

/** initdb beside the place and a rename: a process killed in the middle leaves no half a cluster. */
export function initialise(native: string, cluster: Cluster, account: Account | null): void {
  const { dataDirectory, password } = cluster;
  const parent = dirname(dataDirectory);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  removeUnfinished(dataDirectory);
  const fresh = `${dataDirectory}.new-${process.pid}`;
  const passwordFile = `${fresh}-password`;
  try {
    mkdirSync(fresh, { mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) for (const path of [fresh, passwordFile]) chownSync(path, account.uid, account.gid);
    initdb(native, { fresh, passwordFile, account });
    // What is there has no PG_VERSION and so no data.
    rmSync(dataDirectory, { recursive: true, force: true });
    renameSync(fresh, dataDirectory);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The database could not be made in ${dataDirectory}.\n${reason}`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function initdb(
  native: string,
  options: { fresh: string; passwordFile: string; account: Account | null },
): void {
  const result = spawnSync(
    join(native, "bin", "initdb"),
    [
      `--pgdata=${options.fresh}`,
      "--auth=scram-sha-256",
      "--username=trainyard",
      `--pwfile=${options.passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
    ],
    { ...identity(options.account), cwd: "/", encoding: "utf8" },
  );
  if (result.status !== 0) throw new Error(result.error?.message ?? result.stderr.trim());
}

/** What initdb of a killed process left. */
function removeUnfinished(dataDirectory: string): void {
  const parent = dirname(dataDirectory);
  const pattern = new RegExp(`^${basename(dataDirectory)}\\.new-(\\d+)`);
  for (const name of readdirSync(parent)) {
    const pid = Number(pattern.exec(name)?.[1] ?? process.pid);
    if (pid !== process.pid && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}
