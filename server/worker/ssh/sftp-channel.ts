import type { SFTPWrapper } from "ssh2";
import { AppError, isAppError } from "../../errors";
import { channelError, type Link, linkLost } from "./open-channel";
import { openWindow } from "./open-window";
import { withDeadline } from "./with-deadline";

const REQUEST_TIMEOUT_MS = 15_000;

/** SFTP status codes that callers tell apart (draft-ietf-secsh-filexfer-02, 7). */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

type Callback<T> = (error: Error | null | undefined, value: T) => void;

/** The connection's one SFTP channel: opened when first needed, opened again after it was lost, a deadline on each request. */
export class SftpChannel {
  private readonly link: Link;
  private opening: Promise<SFTPWrapper> | null = null;

  constructor(link: Link) {
    this.link = link;
  }

  /**
   * One request. `what` names it for people: "read /home/ada/x".
   * @throws AppError NODE_UNREACHABLE, TIMEOUT, LIMIT, NOT_FOUND, REMOTE_COMMAND_FAILED
   */
  async request<T>(what: string, send: (sftp: SFTPWrapper, done: Callback<T>) => void): Promise<T> {
    const sftp = await this.open();
    const answer = new Promise<T>((resolve, reject) => {
      const done: Callback<T> = (error, value) => {
        openWindow(sftp);
        if (error) reject(this.requestError(what, error));
        else resolve(value);
      };
      send(sftp, done);
    });
    return withDeadline(answer, REQUEST_TIMEOUT_MS, `${this.link.address} did not ${what}`).catch((error) => {
      // A channel that swallows requests is not waited for again.
      if (isAppError(error) && error.code === "TIMEOUT") this.drop(sftp);
      throw error;
    });
  }

  private open(): Promise<SFTPWrapper> {
    if (!this.link.isOpen()) return Promise.reject(linkLost(this.link));
    if (this.opening) return this.opening;
    const asked = new Promise<SFTPWrapper>((resolve, reject) => {
      this.link.client.sftp((error, sftp) => {
        if (error) reject(this.openError(error));
        else resolve(sftp);
      });
    });
    const opening = withDeadline(
      asked,
      REQUEST_TIMEOUT_MS,
      `${this.link.address} did not open SFTP`,
      (late) => late.end(),
    );
    this.opening = opening;
    const forget = () => {
      if (this.opening === opening) this.opening = null;
    };
    opening.then((sftp) => {
      sftp.on("close", forget);
      // What was asked fails with its own error; the channel itself is opened again by the next request.
      sftp.on("error", forget);
    }, forget);
    return opening;
  }

  private drop(sftp: SFTPWrapper): void {
    this.opening = null;
    sftp.end();
  }

  private openError(error: Error): AppError {
    if (!/subsystem/i.test(error.message)) return channelError(this.link, error);
    return new AppError("REMOTE_COMMAND_FAILED", `${this.link.address} offers no SFTP.`, {
      cause: error,
      hint: "Enable the line “Subsystem sftp …” in the node's sshd_config.",
    });
  }

  private requestError(what: string, error: Error): AppError {
    const code = "code" in error ? error.code : null;
    if (code === NO_SUCH_FILE)
      return new AppError("NOT_FOUND", `The node has no such file: ${what}.`, { cause: error });
    if (code === PERMISSION_DENIED) {
      return new AppError("REMOTE_COMMAND_FAILED", `The node denied permission to ${what}.`, {
        cause: error,
      });
    }
    if (typeof code !== "number") return linkLost(this.link, error);
    return new AppError("REMOTE_COMMAND_FAILED", `The node could not ${what}: ${error.message}.`, {
      cause: error,
      hint: "A full disk or a quota is the usual reason.",
    });
  }
}
