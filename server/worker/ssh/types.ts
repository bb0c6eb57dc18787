/** What became of a program on a node: one shape for success and failure. `exitCode === null` means unknown, never success. */
export interface ExecResult {
  exitCode: number | null;
  signal: string | null;
  /** Only what stood between the reply's frames: noise of a login shell is gone. */
  stdout: Buffer;
  stderr: Buffer;
  durationMs: number;
  isTimedOut: boolean;
  /** Output went past maxOutputBytes and was cut; the channel was closed. */
  isTruncated: boolean;
}

export interface RunScriptOptions {
  /** $1, $2 … of the program. Travel as base64; any bytes but NUL. */
  args?: readonly (string | Buffer)[];
  /** Default 15 s. */
  timeoutMs?: number;
  /** Default 1 MiB. */
  maxOutputBytes?: number;
}

export interface StreamScriptOptions {
  args?: readonly (string | Buffer)[];
  onStdout: (bytes: Buffer) => void;
  onStderr?: (bytes: Buffer) => void;
  /** What the login shell printed by itself before the program began, on either stream. */
  onNoise?: (bytes: Buffer) => void;
  /** Once, when the channel is gone. exitCode null: the link died or it was closed by us. */
  onClose: (end: { exitCode: number | null; signal: string | null }) => void;
}

/** One SSH connection to one node. All methods throw AppError NODE_UNREACHABLE when the link is down, TIMEOUT past their deadline. */
export interface NodeConnection {
  readonly nodeId: string;
  /**
   * Runs a POSIX sh program (the text of a file in worker/scripts) through the constant command `exec sh -s`, with empty
   * stdin. `$$` is shared with other calls: use a random name for temporary files. A program that was started and ran past
   * its deadline resolves with isTimedOut and exitCode null.
   */
  runScript(source: string, options?: RunScriptOptions): Promise<ExecResult>;
  /** The same, for programs that go on for days: the telemetry reader. Its stdin ends when the reader is gone. */
  streamScript(source: string, options: StreamScriptOptions): Promise<{ close: () => void }>;
  readonly files: RemoteFiles;
}

export interface RemoteStat {
  type: "file" | "directory" | "link" | "other";
  size: number;
  mode: number;
  uid: number;
  /** Unix seconds by the node's clock. */
  modifiedAt: number;
}

/** SFTP, bytes only, with a deadline on every request. Paths are absolute. */
export interface RemoteFiles {
  realpath(path: string): Promise<string>;
  /** null when it is not there. Does not follow links. */
  stat(path: string): Promise<RemoteStat | null>;
  list(path: string): Promise<{ name: string; stat: RemoteStat }[]>;
  open(path: string): Promise<RemoteFileHandle>;
  /** Whole file, refused with LIMIT past maxBytes. null when it is not there. */
  read(path: string, options: { maxBytes: number }): Promise<Buffer | null>;
  /** Temporary name, then rename: nobody sees half a file. Pieces are sent as they come. Default mode 0600. */
  write(path: string, bytes: Buffer | AsyncIterable<Buffer>, options?: { mode?: number }): Promise<void>;
  makeDirectory(path: string, options?: { mode?: number }): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface RemoteFileHandle {
  size(): Promise<number>;
  /**
   * Up to `length` bytes from `offset`, fewer at the end of the file. Reads under way together share 60 requests in flight,
   * in turn; up to 32 KiB wait for no other. With `into`, which has room for them, they are (or may be) a part of it.
   */
  read(offset: number, length: number, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}
