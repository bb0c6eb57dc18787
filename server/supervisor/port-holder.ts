import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTEN = "0A";

/** Inodes of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function parseListeners(text: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === LISTEN)
    .flatMap((fields) => fields[9] ?? []);
}

/** "process 4711 (node server.js)", or null where this user or this system cannot tell. */
export function portHolder(port: number): string | null {
  try {
    const inodes = ["tcp", "tcp6"].flatMap((name) =>
      parseListeners(readFileSync(`/proc/net/${name}`, "utf8"), port),
    );
    const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
    const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && holdsOneOf(name, wanted));
    return pid === undefined ? null : `process ${pid} (${commandOf(pid)})`;
  } catch {
    // No /proc: another operating system.
    return null;
  }
}

function holdsOneOf(pid: string, wanted: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => wanted.has(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    // Another user's process, or one that ended meanwhile.
    return false;
  }
}

function commandOf(pid: string): string {
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  return command.length > 80 ? `${command.slice(0, 79)}…` : command;
}
