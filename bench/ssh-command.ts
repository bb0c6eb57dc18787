import type { TestSshd } from "../server/testing/sshd";

/** Arguments of `ssh` for a command on a bench's node, with nothing of this machine's own configuration. */
export function sshCommand(sshd: TestSshd, keyFile: string, command: readonly string[]): string[] {
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  return [
    "-F",
    "none",
    "-i",
    keyFile,
    "-p",
    String(sshd.port),
    ...options.flatMap((option) => ["-o", option]),
    `${sshd.username}@${sshd.host}`,
    ...command,
  ];
}
