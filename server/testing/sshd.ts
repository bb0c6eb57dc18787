import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { HostKey } from "../contracts/nodes";
import { freePort } from "../free-port";
import { descendantsOf, isAlive, killAllOfUser, killIfThere, run, waitUntil } from "./processes";
import { findSshd, type SshdInstallation } from "./sshd-installation";
import { createTestUser, type TestUser, testUserOfSelf } from "./test-user";

/** A real OpenSSH server on loopback with its own host key, user and home. */
export interface TestSshd {
  host: string;
  port: number;
  username: string;
  homeDirectory: string;
  /** null when passwords cannot be tried here; `passwordUnavailable` says why. */
  password: string | null;
  passwordUnavailable: string | null;
  /** Accepted without a passphrase. */
  privateKey: string;
  /** The same, encrypted with `passphrase`. */
  encryptedPrivateKey: string;
  passphrase: string;
  hostKey: () => HostKey;
  /** Everything that sshd logged so far (DEBUG1). */
  log: () => string;
  /** Requests to authenticate so far, without the free "none" that asks what is offered. */
  authAttempts: () => number;
  /** Of the listener; null while there is none. */
  pid: () => number | null;
  /** Accepts on the same port again, with another host key. Sessions that are open stay. */
  restartWithNewHostKey: () => Promise<HostKey>;
  restart: () => Promise<void>;
  /** kill -9 of every session's sshd; what runs in them stays. */
  killSessions: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface StartSshdOptions {
  /** Added to sshd_config: "MaxSessions 2". The first value of a keyword wins, and these come first. */
  config?: readonly string[];
  /** Login shell of the temporary user, where one can be made. */
  shell?: string;
  /** ~/.bashrc of the temporary user. */
  bashrc?: string;
  /** Whoever runs the tests logs in, by key, also where a user could be made: for a node that needs our own files. */
  asSelf?: boolean;
  hostKeyType?: "ed25519" | "rsa" | "ecdsa";
  /** As root: mounts that are made in its namespace are seen by its sessions, and by nothing else. */
  hasOwnMounts?: boolean;
  /** As root: a machine of its own, whose programs see only each other. `stop` is its power cut. */
  hasOwnProcesses?: boolean;
}

/** Why no sshd can be started here; null when it can. For `describe.skipIf`. */
export const sshdUnavailable: string | null =
  findSshd() === null ? "OpenSSH's sshd is not installed (apt-get install openssh-server)" : null;

/** @throws Error with sshd's log when it does not come up */
export async function startSshd(options: StartSshdOptions = {}): Promise<TestSshd> {
  const installation = findSshd();
  if (installation === null) throw new Error(sshdUnavailable ?? "no sshd");
  const directory = mkdtempSync(join(tmpdir(), "trainyard-sshd-"));
  run("chmod", ["755", directory]);
  const user = options.asSelf
    ? testUserOfSelf("this node is for whoever runs the tests")
    : createTestUser({ shell: options.shell ?? "/bin/bash", directory });
  if (user.isTemporary) {
    writeFileSync(join(user.homeDirectory, ".bashrc"), options.bashrc ?? "");
    run("chown", ["-R", user.username, user.homeDirectory]);
  }
  const keys = createClientKeys(directory);
  createHostKey(directory, options.hostKeyType ?? "ed25519");
  const port = await freePort();
  writeConfig({ directory, port, user, installation, extra: options.config ?? [] });
  const daemon = new Daemon(directory, installation.path, options);
  await daemon.start();

  return {
    host: "127.0.0.1",
    port,
    username: user.username,
    homeDirectory: user.homeDirectory,
    password: user.password,
    passwordUnavailable: user.passwordUnavailable,
    ...keys,
    hostKey: () => readHostKey(directory),
    log: () => daemon.log,
    authAttempts: () =>
      daemon.log.match(/userauth-request for user \S+ service \S+ method (?!none)/g)?.length ?? 0,
    pid: () => daemon.pid,
    restart: async () => {
      await daemon.stop();
      await daemon.start();
    },
    restartWithNewHostKey: async () => {
      await daemon.stop();
      createHostKey(directory, options.hostKeyType ?? "ed25519");
      await daemon.start();
      return readHostKey(directory);
    },
    killSessions: () => daemon.killSessions(),
    stop: async () => {
      await daemon.killSessions();
      await daemon.stop();
      if (user.isTemporary) await killAllOfUser(user.uid);
      user.remove();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

class Daemon {
  log = "";
  private child: ChildProcess | null = null;
  private readonly sessions = new Set<number>();
  private readonly command: readonly [string, ...string[]];
  private readonly stopSignal: "SIGTERM" | "SIGKILL";

  constructor(directory: string, sshdPath: string, options: StartSshdOptions) {
    const sshd = [sshdPath, "-D", "-e", "-f", join(directory, "sshd_config")] as const;
    // Its parent waits for a process namespace and takes everything in it along; for mounts alone, unshare becomes sshd.
    if (options.hasOwnProcesses) this.command = ["unshare", "-mpf", "--mount-proc", "--kill-child", ...sshd];
    else this.command = options.hasOwnMounts ? ["unshare", "-m", "--", ...sshd] : sshd;
    this.stopSignal = options.hasOwnProcesses ? "SIGKILL" : "SIGTERM";
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  async start(): Promise<void> {
    const before = this.log.length;
    const [program, ...args] = this.command;
    const child = spawn(program, args, {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.log += text;
    });
    this.child = child;
    const isUp = () => this.log.slice(before).includes("Server listening on");
    await waitUntil(() => isUp() || child.exitCode !== null, "sshd to listen");
    if (!isUp()) throw new Error(`sshd did not start:\n${this.log.slice(before)}`);
  }

  /** The listener only: its sessions are processes of their own and live on. */
  async stop(): Promise<void> {
    const child = this.child;
    if (child?.pid === undefined || child.exitCode !== null) return;
    for (const pid of sessionsOf(child.pid)) this.sessions.add(pid);
    child.kill(this.stopSignal);
    await waitUntil(() => child.exitCode !== null || child.signalCode !== null, "sshd to stop");
    this.child = null;
  }

  async killSessions(): Promise<void> {
    const pid = this.child?.pid;
    for (const session of pid === undefined ? [] : sessionsOf(pid)) this.sessions.add(session);
    const killed = [...this.sessions].filter((session) => isAlive(session, "sshd"));
    for (const session of killed) killIfThere(session);
    await waitUntil(() => killed.every((session) => !isAlive(session, "sshd")), "sessions to die");
    this.sessions.clear();
  }
}

function sessionsOf(daemonPid: number): number[] {
  return descendantsOf(daemonPid, (name) => name.startsWith("sshd"));
}

function createClientKeys(
  directory: string,
): Pick<TestSshd, "privateKey" | "encryptedPrivateKey" | "passphrase"> {
  const passphrase = randomBytes(9).toString("base64url");
  const [plain, encrypted] = [join(directory, "client"), join(directory, "client-encrypted")];
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", plain]);
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", encrypted]);
  writeFileSync(
    join(directory, "authorized_keys"),
    readFileSync(`${plain}.pub`, "utf8") + readFileSync(`${encrypted}.pub`, "utf8"),
  );
  return {
    privateKey: readFileSync(plain, "utf8"),
    encryptedPrivateKey: readFileSync(encrypted, "utf8"),
    passphrase,
  };
}

function createHostKey(directory: string, type: string): void {
  const file = join(directory, "host-key");
  for (const name of [file, `${file}.pub`]) rmSync(name, { force: true });
  run("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", file]);
}

function readHostKey(directory: string): HostKey {
  const [algorithm = "", blob = ""] = readFileSync(join(directory, "host-key.pub"), "utf8").split(" ");
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64").replace(/=+$/, "");
  return HostKey.parse({ algorithm, blob, fingerprint: `SHA256:${digest}` });
}

function writeConfig(input: {
  directory: string;
  port: number;
  user: TestUser;
  installation: SshdInstallation;
  extra: readonly string[];
}): void {
  const { directory, installation, user } = input;
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const lines = [
    ...input.extra,
    `Port ${input.port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(directory, "host-key")}`,
    "PidFile none",
    `AuthorizedKeysFile ${join(directory, "authorized_keys")}`,
    "StrictModes no",
    "UsePAM no",
    "PubkeyAuthentication yes",
    `PasswordAuthentication ${user.password === null ? "no" : "yes"}`,
    "KbdInteractiveAuthentication no",
    `AllowUsers ${user.username}`,
    "UseDNS no",
    "MaxStartups 100:30:200",
    "PrintMotd no",
    "PrintLastLog no",
    `Subsystem sftp ${installation.sftpServer}`,
    "LogLevel DEBUG1",
    ...(installation.hasSourcePenalties ? ["PerSourcePenalties no"] : []),
  ];
  writeFileSync(join(directory, "sshd_config"), `${lines.join("\n")}\n`);
}
