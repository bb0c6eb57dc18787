import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A new database takes 60 MB, and some room has to be left for what it will hold. */
const NEEDED_MIB = 256;
const MIB = 1024 * 1024;

const REASONS: Record<string, string> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "its file system is read-only",
  ENOENT: "it cannot be made there",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "it is a file",
  ENOSPC: "its disk is full",
  EDQUOT: "the disk quota is used up",
};

/** Makes the directory if need be, and sees that it can be written. @throws Error that says what to do */
export function prepareDataDirectory(directory: string): void {
  try {
    // Others may pass through but not look: PostgreSQL's user has to reach its own folder below.
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    mkdirSync(join(directory, "run"), { recursive: true, mode: 0o700 });
    const probe = join(directory, "run", `probe-${process.pid}`);
    // More than a name: a full disk still takes an empty file.
    writeFileSync(probe, "x".repeat(4096));
    rmSync(probe);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new Error(
      `Cannot write to the data directory ${directory}: ${REASONS[code] ?? code}.\nMake it writable, or choose another: TRAINYARD_DATA_DIR=/some/folder npm start`,
      { cause },
    );
  }
}

/** @throws Error when a first start would run out of disk half-way */
export function assertRoomForDatabase(directory: string): void {
  const { bavail, bsize } = statfsSync(directory);
  const freeMiB = Math.floor((bavail * bsize) / MIB);
  if (freeMiB >= NEEDED_MIB) return;
  throw new Error(
    `Only ${freeMiB} MiB are free on the disk of ${directory}, and a new database needs ${NEEDED_MIB}.\nMake room, or choose another disk: TRAINYARD_DATA_DIR=/some/folder npm start`,
  );
}
