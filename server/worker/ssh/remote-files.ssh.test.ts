import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { startTcpProxy } from "../../testing/tcp-proxy";
import { connectNode, type LiveConnection, toSecret } from ".";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe.skipIf(sshdUnavailable !== null)("remote files", () => {
  let sshd: TestSshd;
  let connection: LiveConnection;
  let home: string;
  const connect = (port = sshd.port) =>
    connectNode({
      nodeId: "00000000-0000-4000-8000-000000000001",
      host: sshd.host,
      port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
  beforeAll(async () => {
    sshd = await startSshd({ bashrc: "" });
    connection = await connect();
    home = await connection.files.realpath(".");
    await connection.files.makeDirectory(join(home, "t"));
    home = join(home, "t");
  });
  afterAll(async () => {
    await connection.files.remove(home).catch(() => {});
    connection.close();
    await sshd.stop();
  });

  it("writes 5 MB and reads them back, byte for byte", async () => {
    const bytes = randomBytes(5_000_001);
    const path = join(home, "big");
    await connection.files.write(path, bytes);
    expect(sha256(readFileSync(path))).toBe(sha256(bytes));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const read = await connection.files.read(path, { maxBytes: 6_000_000 });
    expect(read && sha256(read)).toBe(sha256(bytes));
  });

  it("replaces a file at once, with the mode asked for, and leaves no temporary file", async () => {
    const path = join(home, "replaced");
    await connection.files.write(path, Buffer.from("old"));
    await connection.files.write(path, Buffer.from("new"), { mode: 0o755 });
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o755);
    const names = (await connection.files.list(home)).map((entry) => entry.name);
    expect(names.filter((name) => name.includes(".part-"))).toEqual([]);
  });

  it("knows what is not there", async () => {
    expect(await connection.files.stat(join(home, "none"))).toBeNull();
    expect(await connection.files.read(join(home, "none"), { maxBytes: 10 })).toBeNull();
    await expect(connection.files.open(join(home, "none"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await connection.files.remove(join(home, "none"));
  });

  it("refuses a file past the limit", async () => {
    await connection.files.write(join(home, "eleven"), Buffer.from("12345678901"));
    await expect(connection.files.read(join(home, "eleven"), { maxBytes: 10 })).rejects.toMatchObject({
      code: "LIMIT",
    });
  });

  it("reads ranges of a file that grows, and fewer bytes at its end", async () => {
    const path = join(home, "growing.log");
    await connection.files.write(path, Buffer.from("a".repeat(100_000)));
    const handle = await connection.files.open(path);
    expect((await handle.read(99_990, 1_000_000)).toString()).toBe("a".repeat(10));
    appendFileSync(path, "tail");
    expect(await handle.size()).toBe(100_004);
    expect((await handle.read(100_000, 65_536)).toString()).toBe("tail");
    expect((await handle.read(200_000, 10)).length).toBe(0);
    await handle.close();
  });

  it("does not follow a link with stat, and tells kinds apart", async () => {
    writeFileSync(join(home, "plain"), "x");
    symlinkSync(join(home, "plain"), join(home, "link"));
    await connection.files.makeDirectory(join(home, "a/b/c"));
    await connection.files.makeDirectory(join(home, "a/b/c"));
    const kinds = (await connection.files.list(home)).map((entry) => [entry.name, entry.stat.type]);
    expect(Object.fromEntries(kinds)).toMatchObject({ plain: "file", link: "link", a: "directory" });
    expect((await connection.files.stat(join(home, "link")))?.type).toBe("link");
  });

  it("names what was denied", async () => {
    await expect(connection.files.read("/etc/shadow", { maxBytes: 10_000 })).rejects.toMatchObject({
      code: "REMOTE_COMMAND_FAILED",
      message: expect.stringContaining("/etc/shadow"),
    });
  });

  it("leaves the old file whole when the link is cut while the new one is written", async () => {
    const path = join(home, "precious");
    await connection.files.write(path, Buffer.from("old"));
    const proxy = await startTcpProxy(sshd);
    const cut = await connect(proxy.port);
    await cut.files.realpath(".");
    proxy.cutAfter(400);
    await expect(cut.files.write(path, randomBytes(3_000_000))).rejects.toMatchObject({
      code: "NODE_UNREACHABLE",
    });
    expect(readFileSync(path, "utf8")).toBe("old");
    await proxy.stop();
  });
});
