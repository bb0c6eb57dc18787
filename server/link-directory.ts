import { lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";

const WRITABLE_BY_ALL = 0o002;

/**
 * Whoever makes the folder of the link's socket can listen in our place. Where everybody may make folders, as in /tmp,
 * it has to be ours.
 * @throws Error that names the setting
 */
export function assertOwnDirectory(directory: string): void {
  const found = lstatSync(directory);
  if (found.isDirectory() && found.uid === process.getuid?.()) return;
  if ((statSync(dirname(directory)).mode & WRITABLE_BY_ALL) === 0) return;
  throw new Error(
    `${directory} belongs to somebody else. Set TRAINYARD_LINK_SOCKET to a path in a folder of yours.`,
  );
}
