import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, type SFTPWrapper } from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { openWindow } from "./open-window";

const MIB = 1024 * 1024;

describe.skipIf(sshdUnavailable !== null)("the window of an SFTP channel", () => {
  let sshd: TestSshd;
  const client = new Client();
  let sftp: SFTPWrapper;
  let file: Buffer;
  beforeAll(async () => {
    sshd = await startSshd();
    const { host, port, username, privateKey } = sshd;
    client.connect({ host, port, username, privateKey });
    await once(client, "ready");
    client.setNoDelay(true);
    sftp = await new Promise((resolve, reject) =>
      client.sftp((error, channel) => (error ? reject(error) : resolve(channel))),
    );
    const path = join(sshd.homeDirectory, "log");
    writeFileSync(path, Buffer.alloc(8 * MIB, "x"), { mode: 0o644 });
    file = await new Promise((resolve, reject) =>
      sftp.open(path, "r", (error, handle) => (error ? reject(error) : resolve(handle))),
    );
  });
  afterAll(async () => {
    client.end();
    await sshd.stop();
  });

  const windowBytes = () => (sftp as unknown as { incoming: { window: number } }).incoming.window;
  const read = (length: number) =>
    new Promise<number>((resolve, reject) =>
      sftp.read(file, Buffer.alloc(length), 0, length, 0, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );

  it("is opened to its full size, again and again, where ssh2 waits until half of it is used", async () => {
    for (let times = 0; times < 20; times += 1) {
      expect(await read(200_000)).toBe(200_000);
      expect(windowBytes()).toBeLessThan(2 * MIB - 200_000);
      openWindow(sftp);
      expect(windowBytes()).toBe(2 * MIB);
    }
  });
});
