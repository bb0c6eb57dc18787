import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or where that user does not exist as `nobody`. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(
    "Running as root, and neither a user postgres nor nobody exists to run PostgreSQL. Set DATABASE_URL.",
  );
}

/** For spawning a program as that user. */
export const identity = (account: Account | null) => (account ? { uid: account.uid, gid: account.gid } : {});

/** Whether that user can get into a directory: a clone below root's home (0700) is closed to it. */
export function canEnter(account: Account | null, directory: string): boolean {
  if (account === null) return true;
  const enter = ["-c", 'cd "$1"', "sh", directory];
  return spawnSync("/bin/sh", enter, { ...identity(account), cwd: "/", stdio: "ignore" }).status === 0;
}

export const OPEN_DIRECTORY = "/var/lib/trainyard";

/** The binaries, where the account can run them: in place, or copied once to a directory that is open. */
export function reachableBinaries(
  account: Account | null,
  native: string,
  version: string,
  openDirectory: string,
): string {
  if (canEnter(account, join(native, "bin"))) return native;
  const copy = join(openDirectory, `postgresql-${version}`);
  if (!existsSync(join(copy, "complete"))) {
    mkdirSync(copy, { recursive: true, mode: 0o755 });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(copy, "complete"));
  }
  return copy;
}
