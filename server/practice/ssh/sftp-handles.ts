import { type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { attributes, string, uint32 } from "./sftp-packets";

const MAX_HANDLES = 256;
const NAMES_PER_REPLY = 100;

interface OpenFile {
  kind: "file";
  file: FileHandle;
  isAppend: boolean;
}
interface OpenDirectory {
  kind: "directory";
  path: string;
  names: string[];
}

/** The handles of one SFTP session. */
export class HandleTable {
  private readonly handles = new Map<number, OpenFile | OpenDirectory>();
  private next = 1;

  async openFile(path: string, flags: number, mode: number, isAppend: boolean): Promise<Buffer> {
    return this.add({ kind: "file", file: await open(path, flags, mode), isAppend });
  }

  async openDirectory(path: string): Promise<Buffer> {
    const names = [".", "..", ...(await readdir(path))];
    return this.add({ kind: "directory", path, names });
  }

  private add(handle: OpenFile | OpenDirectory): Buffer {
    if (this.handles.size >= MAX_HANDLES)
      throw Object.assign(new Error("too many open handles"), { code: "EMFILE" });
    this.handles.set(this.next, handle);
    return uint32(this.next++);
  }

  file(handle: Buffer): OpenFile {
    const found = this.find(handle);
    if (found.kind !== "file") throw Object.assign(new Error("not a file"), { code: "EBADF" });
    return found;
  }

  /** The next names of a directory, encoded for a NAME reply; null at the end. */
  async nextNames(handle: Buffer): Promise<Buffer | null> {
    const found = this.find(handle);
    if (found.kind !== "directory") throw Object.assign(new Error("not a directory"), { code: "EBADF" });
    const names = found.names.splice(0, NAMES_PER_REPLY);
    if (names.length === 0) return null;
    const entries = await Promise.all(names.map((name) => encodeEntry(found.path, name)));
    const present = entries.filter((entry) => entry !== null);
    return Buffer.concat([uint32(present.length), ...present]);
  }

  async close(handle: Buffer): Promise<void> {
    const found = this.find(handle);
    this.handles.delete(handle.readUInt32BE(0));
    if (found.kind === "file") await found.file.close();
  }

  async closeAll(): Promise<void> {
    const files = [...this.handles.values()].filter((handle) => handle.kind === "file");
    this.handles.clear();
    await Promise.allSettled(files.map((handle) => handle.file.close()));
  }

  private find(handle: Buffer): OpenFile | OpenDirectory {
    const found = handle.length === 4 ? this.handles.get(handle.readUInt32BE(0)) : undefined;
    if (found === undefined) throw Object.assign(new Error("invalid handle"), { code: "EBADF" });
    return found;
  }
}

async function encodeEntry(directory: string, name: string): Promise<Buffer | null> {
  try {
    const stat = await lstat(join(directory, name));
    const long = `${stat.isDirectory() ? "d" : "-"}--------- 1 ${stat.uid} ${stat.gid} ${stat.size} ${name}`;
    return Buffer.concat([string(name), string(long), attributes(stat)]);
  } catch {
    // It was removed between readdir and here.
    return null;
  }
}
