import { NodeSSH } from "node-ssh";
import type { Client } from "ssh2";
import type { HostKey } from "../../contracts/nodes";
import { AppError, isAppError } from "../../errors";
import { checkPrivateKey, type LoginRecord, loginError, prepareLogin } from "./authentication";
import { connectError, formatAddress } from "./connect-errors";
import type { SecretCredential } from "./credential";
import { fetchHostKey } from "./fetch-host-key";
import { describeHostKey, hostKeyProofs, isSameHostKey } from "./host-key";
import type { Link } from "./open-channel";
import { SftpFiles } from "./remote-files";
import { ScriptRunner } from "./run-script";
import { SftpChannel } from "./sftp-channel";
import { ScriptStreamer } from "./stream-script";
import type { NodeConnection } from "./types";

export interface ConnectTarget {
  nodeId: string;
  host: string;
  port: number;
  username: string;
  /** The pinned key. There is no way to connect without one. */
  hostKey: HostKey;
  credential: SecretCredential;
}

export interface ConnectOptions {
  /** From dialling to logged in. */
  readyTimeoutMs?: number;
  keepaliveIntervalMs?: number;
}

/** A connection with its end: what whoever opened it holds. */
export interface LiveConnection extends NodeConnection {
  isOpen: () => boolean;
  /** Resolves once, when the link is gone: null after `close`, else why. */
  readonly closed: Promise<AppError | null>;
  close: () => void;
}

const READY_TIMEOUT_MS = 15_000;
/** ssh2 gives up at the one after the third that is not answered: a half-open link is noticed within 16 s. */
const KEEPALIVE_INTERVAL_MS = 4_000;
const KEEPALIVE_COUNT_MAX = 3;

/**
 * Dials, compares the host's key with the pinned one, and only then logs in, with one attempt. The credential is not
 * wiped here.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, HOST_KEY_MISMATCH (with both fingerprints), SSH_AUTH_REJECTED, VALIDATION
 *   (credential.privateKey, credential.passphrase)
 */
export async function connectNode(
  target: ConnectTarget,
  options: ConnectOptions = {},
): Promise<LiveConnection> {
  checkPrivateKey(target.credential);
  const algorithms = hostKeyProofs(target.hostKey.algorithm);
  if (algorithms === null) throw unsupportedPin(target.hostKey);
  const login = prepareLogin(target.username, target.credential);
  const ssh = new NodeSSH();
  let shown: Buffer | null = null;
  const connecting = ssh.connect({
    host: target.host,
    port: target.port,
    username: target.username,
    readyTimeout: options.readyTimeoutMs ?? READY_TIMEOUT_MS,
    keepaliveInterval: options.keepaliveIntervalMs ?? KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVE_COUNT_MAX,
    algorithms: { serverHostKey: algorithms },
    authHandler: login.authHandler,
    hostVerifier: (blob: Buffer) => {
      shown = Buffer.from(blob);
      return isSameHostKey(blob, target.hostKey);
    },
  });
  // node-ssh takes its error listener away once logged in, and an error without a listener ends the process.
  const watched = ssh.connection && watchClient(ssh.connection);
  try {
    await connecting;
  } catch (error) {
    ssh.connection?.destroy();
    throw await describeFailure({ target, shown, login: login.record, error });
  }
  if (!watched) throw new AppError("INTERNAL", "node-ssh gave no connection.");
  watched.client.setNoDelay(true);
  return assembleConnection(target, watched);
}

interface WatchedClient {
  client: Client;
  isOpen: () => boolean;
  /** Resolves with the last error, if there was one, when the socket is gone. */
  gone: Promise<Error | null>;
}

function watchClient(client: Client): WatchedClient {
  let isOpen = true;
  let lastError: Error | null = null;
  client.on("error", (error: Error) => {
    lastError = error;
  });
  const gone = new Promise<Error | null>((resolve) => {
    const end = () => {
      isOpen = false;
      resolve(lastError);
    };
    client.once("end", end);
    client.once("close", end);
  });
  return { client, isOpen: () => isOpen, gone };
}

function assembleConnection(target: ConnectTarget, watched: WatchedClient): LiveConnection {
  let isClosedByUs = false;
  const address = formatAddress(target);
  const link: Link = { client: watched.client, address, isOpen: () => watched.isOpen() && !isClosedByUs };
  const runner = new ScriptRunner(link);
  const streamer = new ScriptStreamer(link);
  return {
    nodeId: target.nodeId,
    isOpen: link.isOpen,
    closed: watched.gone.then((cause) => {
      if (isClosedByUs) return null;
      return new AppError("NODE_UNREACHABLE", `The connection to ${address} was lost.`, {
        cause,
        hint: "Training goes on; Trainyard connects again by itself.",
      });
    }),
    close: () => {
      isClosedByUs = true;
      watched.client.end();
      // A peer that is gone never answers the goodbye.
      watched.client.destroy();
    },
    runScript: (source, options) => runner.run(source, options),
    streamScript: (source, options) => streamer.start(source, options),
    files: new SftpFiles(new SftpChannel(link)),
  };
}

interface Failure {
  target: ConnectTarget;
  shown: Buffer | null;
  login: LoginRecord;
  error: unknown;
}

async function describeFailure({ target, shown, login, error }: Failure): Promise<AppError> {
  const address = formatAddress(target);
  if (shown !== null && !isSameHostKey(shown, target.hostKey)) {
    return mismatch(target, describeHostKey(shown), error);
  }
  if (isLoginFailure(error)) return loginError(target.username, address, login, error);
  if (shown === null && error instanceof Error && /no matching host key/i.test(error.message)) {
    // The host no longer has a key of the pinned type: ask for the one that it has, to show both.
    const current = await fetchHostKey(target).catch((reason: unknown) =>
      isAppError(reason) ? reason : null,
    );
    if (current !== null && !isAppError(current)) return mismatch(target, current, error);
  }
  return connectError(error, target);
}

/** A link that dies in the middle of a login is not one: it says nothing about the credential. */
function isLoginFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    ("level" in error && error.level === "client-authentication") ||
    /too many authentication failures/i.test(error.message)
  );
}

function mismatch(target: ConnectTarget, current: HostKey, cause: unknown): AppError {
  return new AppError(
    "HOST_KEY_MISMATCH",
    `${formatAddress(target)} shows another host key than the one that was confirmed. No credential was sent.`,
    {
      cause,
      hint: "If the node was installed anew, compare the fingerprint on the node itself and confirm the new key; if not, somebody may stand in between.",
      details: { hostKey: current, pinnedFingerprint: target.hostKey.fingerprint },
    },
  );
}

function unsupportedPin(pinned: HostKey): AppError {
  return new AppError("HOST_KEY_UNKNOWN", `Host keys of type ${pinned.algorithm} are not accepted.`, {
    hint: "Fetch the node's host key again and confirm it.",
  });
}
