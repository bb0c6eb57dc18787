import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "./processes";
import { sshdUnavailable, startSshd, type TestSshd } from "./sshd";
import { startTcpProxy } from "./tcp-proxy";

describe.skipIf(sshdUnavailable !== null)("the sshd fixture", () => {
  let sshd: TestSshd;
  let directory: string;
  beforeAll(async () => {
    sshd = await startSshd();
    directory = mkdtempSync(join(tmpdir(), "trainyard-test-"));
    writeFileSync(join(directory, "key"), sshd.privateKey, { mode: 0o600 });
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(directory, { recursive: true });
  });

  const ssh = (port: number, command: string) =>
    spawnSync(
      "ssh",
      [
        "-F",
        "none",
        "-o",
        "BatchMode=yes",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
      ]
        .concat(["-o", "LogLevel=ERROR", "-i", join(directory, "key"), "-p", String(port)])
        .concat([`${sshd.username}@127.0.0.1`, command]),
      { encoding: "utf8" },
    );

  it("lets OpenSSH's own client in, at its own home", () => {
    expect(ssh(sshd.port, "pwd").stdout.trim()).toBe(sshd.homeDirectory);
  });

  it("shows another host key after restartWithNewHostKey, on the same port", async () => {
    const before = sshd.hostKey();
    const after = await sshd.restartWithNewHostKey();
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(ssh(sshd.port, "echo up").stdout).toBe("up\n");
  });

  it("counts attempts to authenticate", async () => {
    const before = sshd.authAttempts();
    ssh(sshd.port, "true");
    await waitUntil(() => sshd.authAttempts() > before, "the attempt in sshd's log");
  });

  it("is reached through a proxy, which counts connections", async () => {
    const proxy = await startTcpProxy(sshd);
    const before = proxy.connectionCount();
    const client = connect(proxy.port, proxy.host);
    const [banner] = await once(client, "data");
    // The proxy resets what is still open when it stops.
    client.on("error", () => {});
    client.destroy();
    expect(String(banner)).toContain("SSH-2.0-OpenSSH");
    expect(proxy.connectionCount()).toBe(before + 1);
    await proxy.stop();
  });
});
