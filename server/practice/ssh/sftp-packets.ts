/** SFTP version 3 on the wire (draft-ietf-secsh-filexfer-02). */
export const PACKET = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attributes: 105,
  extended: 200,
} as const;

export const STATUS = {
  ok: 0,
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

export const OPEN = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

const HAS = { size: 1, ids: 2, permissions: 4, times: 8 } as const;

export interface Attributes {
  size?: number;
  ids?: { user: number; group: number };
  permissions?: number;
  /** Unix seconds. */
  times?: { accessed: number; modified: number };
}

/** Reads the fields of one packet in order. @throws RangeError past its end */
export class PacketReader {
  private offset = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes.readUInt8(this.offset++);
  }

  uint32(): number {
    this.offset += 4;
    return this.bytes.readUInt32BE(this.offset - 4);
  }

  uint64(): number {
    this.offset += 8;
    return Number(this.bytes.readBigUInt64BE(this.offset - 8));
  }

  string(): Buffer {
    const length = this.uint32();
    if (this.offset + length > this.bytes.length) throw new RangeError("a string reaches past its packet");
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  attributes(): Attributes {
    const flags = this.uint32();
    const attributes: Attributes = {};
    if (flags & HAS.size) attributes.size = this.uint64();
    if (flags & HAS.ids) attributes.ids = { user: this.uint32(), group: this.uint32() };
    if (flags & HAS.permissions) attributes.permissions = this.uint32();
    if (flags & HAS.times) attributes.times = { accessed: this.uint32(), modified: this.uint32() };
    return attributes;
  }
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function string(value: string | Buffer): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** All of size, owner, permissions with file type, and times. */
export function attributes(stat: {
  size: number;
  uid: number;
  gid: number;
  mode: number;
  atimeMs: number;
  mtimeMs: number;
}): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(stat.size));
  const seconds = (ms: number) => uint32(Math.floor(ms / 1000));
  const flags = HAS.size | HAS.ids | HAS.permissions | HAS.times;
  const owner = [uint32(stat.uid), uint32(stat.gid), uint32(stat.mode)];
  return Buffer.concat([uint32(flags), size, ...owner, seconds(stat.atimeMs), seconds(stat.mtimeMs)]);
}

export function packet(type: number, ...fields: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([type]), ...fields]);
  return Buffer.concat([uint32(body.length), body]);
}

/** OpenSSH's limit; what says more than this is not SFTP. */
const MAX_PACKET = 256 * 1024 + 1024;

/** Cuts a byte stream into packets, without their length. @throws RangeError on a length that no client sends */
export class PacketSplitter {
  private pending: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): Buffer[] {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    const packets: Buffer[] = [];
    while (this.pending.length >= 4) {
      const length = this.pending.readUInt32BE(0);
      if (length === 0 || length > MAX_PACKET) throw new RangeError(`an SFTP packet of ${length} bytes`);
      if (this.pending.length < 4 + length) break;
      packets.push(this.pending.subarray(4, 4 + length));
      this.pending = this.pending.subarray(4 + length);
    }
    return packets;
  }
}
