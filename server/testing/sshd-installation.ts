import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

export interface SshdInstallation {
  path: string;
  sftpServer: string;
  hasSourcePenalties: boolean;
}

const SSHD_PATHS = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"];
const SFTP_PATHS = [
  "/usr/lib/openssh/sftp-server",
  "/usr/libexec/openssh/sftp-server",
  "/usr/lib/ssh/sftp-server",
];

/** null: not installed. sshd insists on being started by an absolute path. */
export function findSshd(): SshdInstallation | null {
  const path = SSHD_PATHS.find(isExecutable);
  if (path === undefined) return null;
  const version = spawnSync(path, ["-V"], { encoding: "utf8" });
  const [, major = "0", minor = "0"] =
    /OpenSSH_(\d+)\.(\d+)/.exec(`${version.stderr}${version.stdout}`) ?? [];
  return {
    path,
    sftpServer: SFTP_PATHS.find(isExecutable) ?? "internal-sftp",
    // Came with 9.8, and would refuse 127.0.0.1 after the first wrong password of a test.
    hasSourcePenalties: Number(major) > 9 || (Number(major) === 9 && Number(minor) >= 8),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: the caller looks elsewhere.
    return false;
  }
}
