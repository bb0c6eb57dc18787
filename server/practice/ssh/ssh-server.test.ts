import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PracticeClient, startTestPractice, waitUntil } from "../testing/practice-client";

let practice: Awaited<ReturnType<typeof startTestPractice>>;
const client = new PracticeClient();

beforeAll(async () => {
  practice = await startTestPractice({ withPrograms: false });
  await client.connect(practice.address);
});
afterAll(async () => {
  client.end();
  await practice.close();
});

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
}

describe("login", () => {
  it("refuses a wrong password and another user", async () => {
    const { port, username, password } = practice.address;
    await expect(new PracticeClient().connect({ port, username, password: "wrong" })).rejects.toThrow(
      /auth/i,
    );
    await expect(new PracticeClient().connect({ port, username: "root", password })).rejects.toThrow(/auth/i);
  });

  it("keeps its address, password and host key across a restart, in a file for its owner alone", async () => {
    const file = join(practice.dataDirectory, "practice", "server.json");
    const before = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = await practice.start();
    expect(second.address).toMatchObject({ ...practice.address, port: expect.any(Number) });
    expect(second.address.port).not.toBe(practice.address.port);
    await second.server.close();
    const third = await practice.start();
    expect(third.address).toEqual(second.address);
    expect(readFileSync(file, "utf8")).not.toBe(before);
    await third.server.close();
  });
});

describe("commands", () => {
  it("runs them in the scratch home with the programs first on PATH", async () => {
    const result = await client.run('echo "$HOME"; pwd; command -v nvidia-smi; echo oops >&2; exit 7');
    expect(result.stdout).toBe(
      `${practice.home}\n${practice.home}\n${join(practice.home, "../bin/nvidia-smi")}\n`,
    );
    expect(result).toMatchObject({ code: 7, signal: null, stderr: "oops\n" });
  });

  it("passes stdin and every byte of a large output", async () => {
    const text = "x".repeat(300_000);
    expect((await client.run("cat", text)).stdout).toBe(text);
  });

  it("reports the signal that ended a command", async () => {
    expect(await client.run("kill -KILL $$")).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  it("hangs up on a closed channel's group and spares what left it", async () => {
    const command = "setsid sleep 300 </dev/null >/dev/null 2>&1 & echo $!; sleep 300 & echo $!; wait";
    const pids = await new Promise<number[]>((resolve, reject) => {
      client.connection.exec(command, (error, channel) => {
        if (error) return reject(error);
        let text = "";
        channel.on("data", (bytes: Buffer) => {
          text += bytes;
          const found = text.trim().split("\n").map(Number);
          if (found.length === 2 && text.endsWith("\n")) {
            channel.close();
            resolve(found);
          }
        });
      });
    });
    const [survivor = 0, member = 0] = pids;
    await waitUntil(() => !isAlive(member));
    expect(isAlive(survivor)).toBe(true);
    process.kill(survivor, "SIGKILL");
  });

  it("gives a shell", async () => {
    const text = await new Promise<string>((resolve, reject) => {
      client.connection.shell(false, (error, channel) => {
        if (error) return reject(error);
        let output = "";
        channel.on("data", (bytes: Buffer) => {
          output += bytes;
        });
        channel.on("close", () => resolve(output));
        channel.end("cd / && pwd\nexit\n");
      });
    });
    expect(text).toContain("/\n");
  });
});

describe("files", () => {
  let sftp: SFTPWrapper;
  const call = <T>(run: (done: (error: Error | null | undefined, value?: T) => void) => void) =>
    new Promise<T>((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value as T))));
  beforeAll(async () => {
    sftp = await client.sftp();
  });
  afterAll(() => sftp.end());

  it("writes, reads in ranges and lists", async () => {
    const directory = join(practice.home, "files");
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    await call<void>((done) => sftp.mkdir("files", done));
    await call<void>((done) => sftp.writeFile(join(directory, "a"), bytes, done));
    expect(await call<Buffer>((done) => sftp.readFile(join(directory, "a"), done))).toEqual(bytes);
    const handle = await call<Buffer>((done) => sftp.open(join(directory, "a"), "r", done));
    const part = Buffer.alloc(10);
    await promisify(sftp.read.bind(sftp))(handle, part, 0, 10, 99_995);
    expect(part.subarray(0, 5)).toEqual(bytes.subarray(99_995));
    expect((await call<Stats>((done) => sftp.fstat(handle, done))).size).toBe(100_000);
    await call<void>((done) => sftp.close(handle, done));
    const names = await call<FileEntryWithStats[]>((done) => sftp.readdir(directory, done));
    expect(names.map((entry) => entry.filename).filter((name) => !name.startsWith("."))).toEqual(["a"]);
  });

  it("appends, changes modes and times, follows and reads links", async () => {
    const file = join(practice.home, "b");
    await call<void>((done) => sftp.writeFile(file, "one\n", { mode: 0o600 }, done));
    await call<void>((done) => sftp.appendFile(file, "two\n", done));
    expect(readFileSync(file, "utf8")).toBe("one\ntwo\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await call<void>((done) => sftp.chmod(file, 0o640, done));
    await call<void>((done) => sftp.utimes(file, 1_000_000, 2_000_000, done));
    expect(statSync(file)).toMatchObject({ mtimeMs: 2_000_000_000 });
    expect(statSync(file).mode & 0o777).toBe(0o640);
    await call<void>((done) => sftp.symlink(file, join(practice.home, "to-b"), done));
    expect(await call<string>((done) => sftp.readlink(join(practice.home, "to-b"), done))).toBe(file);
    expect(
      (await call<Stats>((done) => sftp.lstat(join(practice.home, "to-b"), done))).isSymbolicLink(),
    ).toBe(true);
    expect(await call<string>((done) => sftp.realpath("to-b", done))).toBe(file);
  });

  it("replaces a file only by posix-rename", async () => {
    const [from, to] = [join(practice.home, "from"), join(practice.home, "to")];
    await call<void>((done) => sftp.writeFile(from, "new", done));
    await call<void>((done) => sftp.writeFile(to, "old", done));
    await expect(call<void>((done) => sftp.rename(from, to, done))).rejects.toThrow();
    expect(readFileSync(to, "utf8")).toBe("old");
    await call<void>((done) => sftp.ext_openssh_rename(from, to, done));
    expect(readFileSync(to, "utf8")).toBe("new");
    await call<void>((done) => sftp.unlink(to, done));
    await call<void>((done) => sftp.mkdir(join(practice.home, "empty"), done));
    await call<void>((done) => sftp.rmdir(join(practice.home, "empty"), done));
  });

  it("tells what is missing from what is refused", async () => {
    await expect(call((done) => sftp.stat("nothing-here", done))).rejects.toMatchObject({ code: 2 });
    await expect(call((done) => sftp.rmdir(practice.home, done))).rejects.toMatchObject({ code: 4 });
  });
});
