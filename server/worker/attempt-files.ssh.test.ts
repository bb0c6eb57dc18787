import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sshdUnavailable, startSshd, type TestSshd } from "../testing/sshd";
import { type AttemptPlace, listAttemptFiles, readAttemptFile } from "./attempt-files";
import { connectNode, type LiveConnection, toSecret } from "./ssh";

describe.skipIf(sshdUnavailable !== null)("an attempt's files", () => {
  let sshd: TestSshd;
  let connection: LiveConnection;
  let place: AttemptPlace;
  beforeAll(async () => {
    sshd = await startSshd();
    connection = await connectNode({
      nodeId: "n",
      host: sshd.host,
      port: sshd.port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
    const [directory, outputDirectory] = [
      join(sshd.homeDirectory, "attempt"),
      join(sshd.homeDirectory, "output"),
    ];
    mkdirSync(directory);
    mkdirSync(join(outputDirectory, "actor"), { recursive: true });
    writeFileSync(join(outputDirectory, "actor", "config.json"), "{}");
    writeFileSync(join(outputDirectory, "big"), Buffer.alloc(1024 * 1024 + 5));
    writeFileSync(join(directory, "env"), "TOKEN=secret");
    writeFileSync(join(directory, "cmd"), "exec true");
    symlinkSync("env", join(directory, "alias"));
    symlinkSync("/etc/passwd", join(outputDirectory, "passwd"));
    place = { nodeId: "n", directory, outputDirectory };
  });
  afterAll(async () => {
    connection.close();
    await sshd.stop();
  });
  const query = (path: string, root: "output" | "attempt" = "output") => ({ attemptId: "a", root, path });

  it("are listed with directories first", async () => {
    const { files } = await listAttemptFiles(connection, place, query(""));
    expect(files.map((file) => [file.path, file.type])).toEqual([
      ["actor", "directory"],
      ["big", "file"],
      ["passwd", "link"],
    ]);
    const inside = await listAttemptFiles(connection, place, query("actor"));
    expect(inside.files[0]).toMatchObject({ path: "actor/config.json", sizeBytes: 2 });
  });

  it("are read up to one MiB", async () => {
    const small = await readAttemptFile(connection, place, query("actor/config.json"));
    expect(small).toEqual({ sizeBytes: 2, base64: Buffer.from("{}").toString("base64"), isTruncated: false });
    const big = await readAttemptFile(connection, place, query("big"));
    expect([big.sizeBytes, big.isTruncated, Buffer.from(big.base64, "base64").length]).toEqual([
      1048581,
      true,
      1048576,
    ]);
  });

  it.each(["..", "../attempt/cmd", "passwd", "actor/../../attempt"])(
    "do not lead out of the tree by %s",
    async (path) => {
      await expect(readAttemptFile(connection, place, query(path))).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
    },
  );

  it("do not show the environment, by whatever name", async () => {
    for (const path of ["env", "./env", "alias"]) {
      await expect(readAttemptFile(connection, place, query(path, "attempt"))).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
    }
    expect((await readAttemptFile(connection, place, query("cmd", "attempt"))).sizeBytes).toBe(9);
  });

  it("are not there before the start", async () => {
    const unstarted = { nodeId: "n", directory: null, outputDirectory: null };
    await expect(listAttemptFiles(connection, unstarted, query(""))).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
