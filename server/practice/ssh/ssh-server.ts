import { createHash, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import ssh2, { type AuthContext, type Connection, type Session } from "ssh2";
import type { Logger } from "../../log";
import { type CommandPlace, runCommand, signalGroup } from "./run-command";
import { serveSftp } from "./sftp-session";

/** As a stock sshd: MaxAuthTries and MaxSessions. */
const MAX_PASSWORDS = 6;
const MAX_SESSIONS = 10;
/** util-linux; gives a shell a terminal. */
const SCRIPT_PROGRAM = "/usr/bin/script";

export interface SshServerOptions {
  /** OpenSSH private key. */
  hostKey: string;
  username: string;
  password: string;
  place: CommandPlace;
  log: Logger;
}

export interface SshServer {
  /** @returns the port. @throws the EADDRINUSE of a busy one */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** An SSH server on loopback that runs commands for real, as this process's user. Password only. */
export function createSshServer(options: SshServerOptions): SshServer {
  const connections = new Set<Connection>();
  const server = new ssh2.Server(
    { hostKeys: [options.hostKey], ident: "trainyard-practice" },
    (connection, info) => {
      connections.add(connection);
      connection.on("close", () => connections.delete(connection));
      connection.on("error", (error: Error) => options.log.debug({ err: error }, "connection ended"));
      serveConnection(connection, options, info.header.versions.software.startsWith("OpenSSH"));
    },
  );
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.removeListener("error", reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.end();
      }),
  };
}

function serveConnection(connection: Connection, options: SshServerOptions, isOpenSshClient: boolean): void {
  let passwords = 0;
  connection.on("authentication", (context) => {
    if (context.method === "password") passwords += 1;
    if (isRight(context, options)) context.accept();
    else context.reject(["password"]);
    if (passwords >= MAX_PASSWORDS) connection.end();
  });
  let sessions = 0;
  connection.on("session", (accept, reject) => {
    if (sessions >= MAX_SESSIONS) {
      reject();
      return;
    }
    sessions += 1;
    const session = accept();
    session.once("close", () => {
      sessions -= 1;
    });
    serveSession(session, options.place, isOpenSshClient);
  });
}

function isRight(context: AuthContext, { username, password }: SshServerOptions): boolean {
  if (context.method !== "password") return false;
  const isUser = isEqual(context.username, username);
  return isEqual(context.password, password) && isUser;
}

/** Takes the same time wherever the two differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function serveSession(session: Session, place: CommandPlace, isOpenSshClient: boolean): void {
  const env: NodeJS.ProcessEnv = { ...place.env };
  let terminal: { columns: number; rows: number } | null = null;
  let stop: (signal: string) => void = () => {};
  session.on("env", (accept, reject, info) => {
    // What a stock sshd takes.
    if (!/^(LANG|LC_[A-Z]+)$/.test(info.key)) return reject?.();
    env[info.key] = info.val;
    accept?.();
  });
  session.on("pty", (accept, _reject, info) => {
    terminal = { columns: info.cols, rows: info.rows };
    accept?.();
  });
  session.on("window-change", (accept) => accept?.());
  session.on("signal", (accept, _reject, info) => {
    accept?.();
    stop(info.name);
  });
  session.on("exec", (accept, _reject, info) => {
    const child = runCommand(accept(), ["/bin/sh", "-c", info.command], { ...place, env });
    stop = (signal) => signalGroup(child, signal);
  });
  session.on("shell", (accept) => {
    const child = runCommand(accept(), shellCommand(terminal), {
      ...place,
      env: { ...env, TERM: "xterm-256color" },
    });
    stop = (signal) => signalGroup(child, signal);
  });
  // With a listener for "sftp", ssh2 would answer by itself.
  session.on("subsystem", (accept, reject, info) => {
    if (info.name === "sftp") serveSftp(accept(), { home: place.home, isOpenSshClient });
    else reject();
  });
}

/** A login shell; with a terminal of its own where the client asked for one and script(1) is there. */
function shellCommand(terminal: { columns: number; rows: number } | null): string[] {
  if (terminal === null || !existsSync(SCRIPT_PROGRAM)) return ["/bin/sh", "-l"];
  const size = `stty cols ${terminal.columns} rows ${terminal.rows} 2>/dev/null`;
  return [SCRIPT_PROGRAM, "-qfec", `${size}; exec /bin/sh -l -i`, "/dev/null"];
}
