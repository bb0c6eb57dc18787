import { constants } from "node:fs";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readlink,
  realpath,
  rename,
  rmdir,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
} from "node:fs/promises";
import { resolve } from "node:path";
import type { ServerChannel } from "ssh2";
import { HandleTable } from "./sftp-handles";
import {
  type Attributes,
  attributes,
  OPEN,
  PACKET,
  PacketReader,
  PacketSplitter,
  packet,
  STATUS,
  type Status,
  string,
  uint32,
} from "./sftp-packets";

const MAX_READ = 256 * 1024 - 1024;
const EXTENSIONS = ["posix-rename@openssh.com", "hardlink@openssh.com", "fsync@openssh.com"] as const;

export interface SftpOptions {
  home: string;
  /** OpenSSH's clients name a symbolic link's target first, against the draft. */
  isOpenSshClient: boolean;
}

/**
 * Serves SFTP version 3 over a session channel, with the rights of this process; relative paths begin at the home.
 * ssh2's own server half announces no extensions, and clients only use posix-rename where it is announced.
 */
export function serveSftp(channel: ServerChannel, options: SftpOptions): void {
  const session = new SftpSession(options);
  const splitter = new PacketSplitter();
  let isGreeted = false;
  // One after another: replies keep the order of requests, and a write is done before the stat that follows it.
  let queue: Promise<void> = Promise.resolve();
  const handle = async (bytes: Buffer) => {
    const reply = isGreeted ? await session.answer(bytes) : greet(bytes);
    isGreeted = true;
    if (channel.writable) channel.write(reply);
  };
  channel.on("data", (bytes: Buffer) => {
    try {
      for (const one of splitter.push(bytes)) queue = queue.then(() => handle(one));
    } catch {
      // Not SFTP: nothing that could be answered.
      channel.close();
    }
  });
  channel.on("end", () => {
    void queue.then(() => {
      channel.exit(0);
      channel.end();
    });
  });
  channel.on("close", () => void queue.then(() => session.end()));
}

function greet(bytes: Buffer): Buffer {
  if (bytes[0] !== PACKET.init)
    return packet(PACKET.status, uint32(0), uint32(STATUS.badMessage), string(""), string(""));
  return packet(PACKET.version, uint32(3), ...EXTENSIONS.flatMap((name) => [string(name), string("1")]));
}

type Answer = Status | Buffer;

class SftpSession {
  private readonly handles = new HandleTable();
  private readonly options: SftpOptions;

  constructor(options: SftpOptions) {
    this.options = options;
  }

  end(): Promise<void> {
    return this.handles.closeAll();
  }

  /** @returns the whole reply packet; never rejects */
  async answer(bytes: Buffer): Promise<Buffer> {
    const reader = new PacketReader(bytes);
    const type = reader.byte();
    const id = bytes.length >= 5 ? reader.uint32() : 0;
    try {
      const answer = await this.run(type, reader, id);
      return Buffer.isBuffer(answer) ? answer : status(id, answer, "");
    } catch (error) {
      return status(id, statusOf(error), error instanceof Error ? error.message : String(error));
    }
  }

  private path(reader: PacketReader): string {
    return resolve(this.options.home, reader.string().toString());
  }

  private async run(type: number, reader: PacketReader, id: number): Promise<Answer> {
    switch (type) {
      case PACKET.open:
        return this.open(reader, id);
      case PACKET.close:
        await this.handles.close(reader.string());
        return STATUS.ok;
      case PACKET.read:
        return this.read(reader, id);
      case PACKET.write:
        return this.write(reader);
      case PACKET.opendir:
        return packet(PACKET.handle, uint32(id), string(await this.handles.openDirectory(this.path(reader))));
      case PACKET.readdir: {
        const names = await this.handles.nextNames(reader.string());
        return names === null ? STATUS.endOfFile : packet(PACKET.name, uint32(id), names);
      }
      case PACKET.stat:
        return packet(PACKET.attributes, uint32(id), attributes(await stat(this.path(reader))));
      case PACKET.lstat:
        return packet(PACKET.attributes, uint32(id), attributes(await lstat(this.path(reader))));
      case PACKET.fstat: {
        const { file } = this.handles.file(reader.string());
        return packet(PACKET.attributes, uint32(id), attributes(await file.stat()));
      }
      case PACKET.setstat:
        await applyToPath(this.path(reader), reader.attributes());
        return STATUS.ok;
      case PACKET.fsetstat:
        return this.setAttributes(reader);
      default:
        return this.changeTree(type, reader, id);
    }
  }

  private async changeTree(type: number, reader: PacketReader, id: number): Promise<Answer> {
    switch (type) {
      case PACKET.remove:
        await unlink(this.path(reader));
        return STATUS.ok;
      case PACKET.mkdir:
        await mkdir(this.path(reader), { mode: (reader.attributes().permissions ?? 0o777) & 0o7777 });
        return STATUS.ok;
      case PACKET.rmdir:
        await rmdir(this.path(reader));
        return STATUS.ok;
      case PACKET.realpath:
        return oneName(id, await resolvePath(this.path(reader)));
      case PACKET.readlink:
        return oneName(id, await readlink(this.path(reader)));
      case PACKET.symlink: {
        const [first, second] = [reader.string().toString(), reader.string().toString()];
        const [target, place] = this.options.isOpenSshClient ? [first, second] : [second, first];
        await symlink(target, resolve(this.options.home, place));
        return STATUS.ok;
      }
      case PACKET.rename:
        return this.rename(reader);
      case PACKET.extended:
        return this.extended(reader);
      default:
        return STATUS.unsupported;
    }
  }

  private async open(reader: PacketReader, id: number): Promise<Answer> {
    const path = this.path(reader);
    const wanted = reader.uint32();
    const mode = (reader.attributes().permissions ?? 0o666) & 0o7777;
    const isAppend = (wanted & OPEN.append) !== 0;
    const handle = await this.handles.openFile(path, openFlags(wanted), mode, isAppend);
    return packet(PACKET.handle, uint32(id), string(handle));
  }

  private async read(reader: PacketReader, id: number): Promise<Answer> {
    const { file } = this.handles.file(reader.string());
    const offset = reader.uint64();
    const buffer = Buffer.alloc(Math.min(reader.uint32(), MAX_READ));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    if (bytesRead === 0) return STATUS.endOfFile;
    return packet(PACKET.data, uint32(id), string(buffer.subarray(0, bytesRead)));
  }

  private async write(reader: PacketReader): Promise<Answer> {
    const { file, isAppend } = this.handles.file(reader.string());
    const offset = reader.uint64();
    const bytes = reader.string();
    let written = 0;
    while (written < bytes.length) {
      const at = isAppend ? null : offset + written;
      written += (await file.write(bytes, written, bytes.length - written, at)).bytesWritten;
    }
    return STATUS.ok;
  }

  private async setAttributes(reader: PacketReader): Promise<Answer> {
    const { file } = this.handles.file(reader.string());
    const wanted = reader.attributes();
    if (wanted.size !== undefined) await file.truncate(wanted.size);
    if (wanted.permissions !== undefined) await file.chmod(wanted.permissions & 0o7777);
    if (wanted.times !== undefined) await file.utimes(wanted.times.accessed, wanted.times.modified);
    if (wanted.ids !== undefined) await file.chown(wanted.ids.user, wanted.ids.group);
    return STATUS.ok;
  }

  /** SFTP's own rename never replaces: link first, as OpenSSH does. */
  private async rename(reader: PacketReader): Promise<Answer> {
    const [from, to] = [this.path(reader), this.path(reader)];
    if ((await lstat(from)).isFile()) {
      await link(from, to);
      await unlink(from);
      return STATUS.ok;
    }
    if ((await lstat(to).catch(() => null)) !== null) return STATUS.failure;
    await rename(from, to);
    return STATUS.ok;
  }

  private async extended(reader: PacketReader): Promise<Answer> {
    const name = reader.string().toString() as (typeof EXTENSIONS)[number];
    switch (name) {
      case "posix-rename@openssh.com":
        await rename(this.path(reader), this.path(reader));
        return STATUS.ok;
      case "hardlink@openssh.com":
        await link(this.path(reader), this.path(reader));
        return STATUS.ok;
      case "fsync@openssh.com":
        await this.handles.file(reader.string()).file.sync();
        return STATUS.ok;
      default:
        return STATUS.unsupported;
    }
  }
}

async function applyToPath(path: string, wanted: Attributes): Promise<void> {
  if (wanted.size !== undefined) await truncate(path, wanted.size);
  if (wanted.permissions !== undefined) await chmod(path, wanted.permissions & 0o7777);
  if (wanted.times !== undefined) await utimes(path, wanted.times.accessed, wanted.times.modified);
  if (wanted.ids !== undefined) await chown(path, wanted.ids.user, wanted.ids.group);
}

/** A path whose last part is not there yet resolves too. */
async function resolvePath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function openFlags(wanted: number): number {
  const isBoth = (wanted & OPEN.read) !== 0 && (wanted & OPEN.write) !== 0;
  let flags: number = isBoth
    ? constants.O_RDWR
    : wanted & OPEN.write
      ? constants.O_WRONLY
      : constants.O_RDONLY;
  if (wanted & OPEN.append) flags |= constants.O_APPEND;
  if (wanted & OPEN.create) flags |= constants.O_CREAT;
  if (wanted & OPEN.truncate) flags |= constants.O_TRUNC;
  if (wanted & OPEN.exclusive) flags |= constants.O_EXCL;
  return flags;
}

function oneName(id: number, path: string): Buffer {
  return packet(PACKET.name, uint32(id), uint32(1), string(path), string(path), uint32(0));
}

function status(id: number, code: Status, message: string): Buffer {
  return packet(PACKET.status, uint32(id), uint32(code), string(message), string(""));
}

function statusOf(error: unknown): Status {
  if (error instanceof RangeError) return STATUS.badMessage;
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return STATUS.noSuchFile;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return STATUS.permissionDenied;
    default:
      return STATUS.failure;
  }
}
