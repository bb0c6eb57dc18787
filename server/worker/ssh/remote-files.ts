import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { posix } from "node:path";
import type { Attributes, FileEntryWithStats, Stats } from "ssh2";
import { AppError, isAppError } from "../../errors";
import { openRemoteFile } from "./remote-file-handle";
import type { SftpChannel } from "./sftp-channel";
import type { RemoteFileHandle, RemoteFiles, RemoteStat } from "./types";

const WRITE_CHUNK_BYTES = 32 * 1024;
const WRITES_IN_FLIGHT = 64;

/** RemoteFiles of types.ts over one SFTP channel. */
export class SftpFiles implements RemoteFiles {
  private readonly channel: SftpChannel;

  constructor(channel: SftpChannel) {
    this.channel = channel;
  }

  realpath(path: string): Promise<string> {
    return this.channel.request(`resolve ${path}`, (sftp, done) => sftp.realpath(path, done));
  }

  stat(path: string): Promise<RemoteStat | null> {
    const asked = this.channel.request<Stats>(`stat ${path}`, (sftp, done) => sftp.lstat(path, done));
    return asked.then(toRemoteStat).catch(nullWhenMissing);
  }

  async list(path: string): Promise<{ name: string; stat: RemoteStat }[]> {
    const entries = await this.channel.request<FileEntryWithStats[]>(`list ${path}`, (sftp, done) =>
      sftp.readdir(path, done),
    );
    return entries
      .filter((entry) => entry.filename !== "." && entry.filename !== "..")
      .map((entry) => ({ name: entry.filename, stat: toRemoteStat(entry.attrs) }));
  }

  open(path: string): Promise<RemoteFileHandle> {
    return openRemoteFile(this.channel, path);
  }

  async read(path: string, options: { maxBytes: number }): Promise<Buffer | null> {
    const handle = await this.open(path).catch(nullWhenMissing);
    if (handle === null) return null;
    try {
      const size = await handle.size();
      if (size > options.maxBytes) {
        throw new AppError("LIMIT", `${path} has ${size} bytes; at most ${options.maxBytes} are read.`);
      }
      // Files of /proc and such say 0 and hold more.
      const bytes = await handle.read(0, size === 0 ? options.maxBytes : size);
      return bytes;
    } finally {
      await handle.close();
    }
  }

  async write(
    path: string,
    bytes: Buffer | AsyncIterable<Buffer>,
    options: { mode?: number } = {},
  ): Promise<void> {
    const mode = options.mode ?? 0o600;
    const temporary = `${path}.part-${randomBytes(6).toString("hex")}`;
    try {
      await this.writeNew(temporary, bytes, mode);
      await this.replace(temporary, path);
    } catch (error) {
      // Best effort: the error that matters is the one already in hand.
      await this.remove(temporary).catch(() => {});
      throw error;
    }
  }

  async makeDirectory(path: string, options: { mode?: number } = {}): Promise<void> {
    const found = await this.stat(path);
    if (found !== null && found.type !== "file") return;
    const parent = posix.dirname(path);
    if (parent !== path && (await this.stat(parent)) === null) await this.makeDirectory(parent, options);
    const attributes: Attributes = { mode: options.mode ?? 0o700 } as Attributes;
    try {
      await this.channel.request<void>(`make directory ${path}`, (sftp, done) =>
        sftp.mkdir(path, attributes, (error) => done(error, undefined)),
      );
    } catch (error) {
      // SFTP version 3 has no "exists already": somebody may have made it meanwhile.
      if ((await this.stat(path))?.type !== "directory") throw error;
    }
  }

  async remove(path: string): Promise<void> {
    const found = await this.stat(path);
    if (found === null) return;
    const removing = this.channel.request<void>(`remove ${path}`, (sftp, done) => {
      const reply = (error: Error | null | undefined) => done(error, undefined);
      if (found.type === "directory") sftp.rmdir(path, reply);
      else sftp.unlink(path, reply);
    });
    await removing.catch(nullWhenMissing);
  }

  private async writeNew(path: string, bytes: Buffer | AsyncIterable<Buffer>, mode: number): Promise<void> {
    const handle = await this.channel.request<Buffer>(`create ${path}`, (sftp, done) =>
      sftp.open(path, "wx", mode, done),
    );
    try {
      let position = 0;
      for await (const piece of Buffer.isBuffer(bytes) ? [bytes] : bytes) {
        await this.writePiece(piece, { handle, path, position });
        position += piece.length;
      }
      // The server's umask may have taken bits away; one that cannot set a mode leaves the mode of open.
      await this.channel
        .request<void>(`set the mode of ${path}`, (sftp, done) =>
          sftp.fchmod(handle, mode, (error) => done(error, undefined)),
        )
        .catch(ignoreRefusal);
    } finally {
      await this.channel.request<void>(`close ${path}`, (sftp, done) =>
        sftp.close(handle, (error) => done(error, undefined)),
      );
    }
  }

  private async writePiece(
    bytes: Buffer,
    { handle, path, position }: { handle: Buffer; path: string; position: number },
  ): Promise<void> {
    for (let at = 0; at < bytes.length; at += WRITE_CHUNK_BYTES * WRITES_IN_FLIGHT) {
      const batch = bytes.subarray(at, at + WRITE_CHUNK_BYTES * WRITES_IN_FLIGHT);
      const starts = chunkStarts(batch.length);
      await Promise.all(
        starts.map((from) => this.writeChunk(handle, path, batch, from, position + at + from)),
      );
    }
  }

  private writeChunk(
    handle: Buffer,
    path: string,
    batch: Buffer,
    from: number,
    position: number,
  ): Promise<void> {
    const length = Math.min(WRITE_CHUNK_BYTES, batch.length - from);
    return this.channel.request<void>(`write ${path}`, (sftp, done) =>
      sftp.write(handle, batch, from, length, position, (error) => done(error, undefined)),
    );
  }

  /** Plain SFTP version 3 renames never replace; OpenSSH's extension does, at once. Others: remove, then rename. */
  private async replace(from: string, to: string): Promise<void> {
    try {
      await this.channel.request<void>(`rename to ${to}`, (sftp, done) => {
        const reply = (error: Error | null | undefined) => done(error, undefined);
        try {
          sftp.ext_openssh_rename(from, to, reply);
        } catch {
          // ssh2 throws when the server does not have the extension.
          sftp.rename(from, to, reply);
        }
      });
    } catch (error) {
      if ((await this.stat(to)) === null || (await this.stat(from)) === null) throw error;
      await this.remove(to);
      await this.channel.request<void>(`rename to ${to}`, (sftp, done) =>
        sftp.rename(from, to, (failure) => done(failure, undefined)),
      );
    }
  }
}

function chunkStarts(length: number): number[] {
  return Array.from(
    { length: Math.ceil(length / WRITE_CHUNK_BYTES) },
    (_, index) => index * WRITE_CHUNK_BYTES,
  );
}

function nullWhenMissing(error: unknown): null {
  if (isAppError(error) && error.code === "NOT_FOUND") return null;
  throw error;
}

function ignoreRefusal(error: unknown): void {
  if (!isAppError(error) || error.code !== "REMOTE_COMMAND_FAILED") throw error;
}

function toRemoteStat(stats: Stats | FileEntryWithStats["attrs"]): RemoteStat {
  return {
    type: fileType(stats.mode),
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    modifiedAt: stats.mtime,
  };
}

function fileType(mode: number): RemoteStat["type"] {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return "file";
    case constants.S_IFDIR:
      return "directory";
    case constants.S_IFLNK:
      return "link";
    default:
      return "other";
  }
}
