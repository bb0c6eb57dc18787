import { join } from "node:path/posix";

/** Where an attempt lives on its node. `workDirectory` is absolute. */
export function attemptDirectory(workDirectory: string, attemptId: string): string {
  return join(workDirectory, "attempts", attemptId);
}

/** "~/x" below the home directory; other paths as they are. */
export function expandHome(path: string, homeDirectory: string): string {
  if (path === "~") return homeDirectory;
  return path.startsWith("~/") ? join(homeDirectory, path.slice(2)) : path;
}
