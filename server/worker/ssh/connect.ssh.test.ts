import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "../../errors";
import { waitUntil } from "../../testing/processes";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { startTcpProxy } from "../../testing/tcp-proxy";
import { type ConnectTarget, connectNode, fetchHostKey, type LiveConnection, toSecret } from ".";

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => expect.fail("it should have failed"),
    (error: AppError) => error,
  );
}

describe.skipIf(sshdUnavailable !== null)("connectNode", () => {
  let sshd: TestSshd;
  const opened: LiveConnection[] = [];
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.close();
  });
  afterAll(() => sshd.stop());

  const target = (changes: Partial<ConnectTarget> = {}): ConnectTarget => ({
    nodeId: "00000000-0000-4000-8000-000000000001",
    host: sshd.host,
    port: sshd.port,
    username: sshd.username,
    hostKey: sshd.hostKey(),
    credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    ...changes,
  });
  const open = async (changes: Partial<ConnectTarget> = {}) => {
    const connection = await connectNode(target(changes));
    opened.push(connection);
    return connection;
  };
  const whoAmI = async (connection: LiveConnection) =>
    (await connection.runScript("id -un")).stdout.toString().trim();

  it("logs in with a key", async () => {
    expect(await whoAmI(await open())).toBe(sshd.username);
  });

  it("logs in with an encrypted key and its passphrase", async () => {
    const credential = toSecret({
      method: "private_key",
      privateKey: sshd.encryptedPrivateKey,
      passphrase: sshd.passphrase,
    });
    expect(await whoAmI(await open({ credential }))).toBe(sshd.username);
  });

  it("logs in with a password", async ({ skip }) => {
    if (sshd.password === null) return skip(sshd.passwordUnavailable ?? "no password");
    expect(
      await whoAmI(await open({ credential: toSecret({ method: "password", password: sshd.password }) })),
    ).toBe(sshd.username);
  });

  it.each([
    ["wrong", "The passphrase does not open this key."],
    [undefined, "This key is encrypted: enter its passphrase."],
  ])("names the passphrase field when it is %s, without dialling", async (passphrase, message) => {
    const credential = toSecret({ method: "private_key", privateKey: sshd.encryptedPrivateKey, passphrase });
    const error = await failureOf(connectNode(target({ credential, port: 1 })));
    expect(error).toMatchObject({ code: "VALIDATION", message });
    expect(error.details?.fields?.[0]?.path).toBe("credential.passphrase");
  });

  it("names the key field when the key cannot be read", async () => {
    const privateKey =
      "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----\n";
    const error = await failureOf(
      connectNode(target({ credential: toSecret({ method: "private_key", privateKey }) })),
    );
    expect(error.code).toBe("VALIDATION");
    expect(error.details?.fields?.[0]?.path).toBe("credential.privateKey");
  });

  it("sends a wrong password once a connection", async ({ skip }) => {
    if (sshd.password === null) return skip(sshd.passwordUnavailable ?? "no password");
    const before = sshd.authAttempts();
    const error = await failureOf(open({ credential: toSecret({ method: "password", password: "wrong" }) }));
    expect(error).toMatchObject({ code: "SSH_AUTH_REJECTED" });
    expect(error.message).toContain("rejected the password");
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('wrong"');
    await waitUntil(() => sshd.authAttempts() > before, "the attempt in sshd's log");
    expect(sshd.authAttempts() - before).toBe(1);
  });

  it("says what is offered when the kind of login is not, and attempts nothing", async () => {
    const keyOnly = await startSshd({ config: ["PasswordAuthentication no"] });
    try {
      const changes = { port: keyOnly.port, hostKey: keyOnly.hostKey(), username: keyOnly.username };
      const credential = toSecret({ method: "password", password: "never sent" });
      const error = await failureOf(open({ ...changes, credential }));
      expect(error).toMatchObject({ code: "SSH_AUTH_REJECTED", hint: "Use a private key instead." });
      await waitUntil(() => /Connection closed|disconnect/i.test(keyOnly.log()), "the end in sshd's log");
      expect(keyOnly.authAttempts()).toBe(0);
    } finally {
      await keyOnly.stop();
    }
  });

  it("stops before any login when the host key changed, and shows both fingerprints", async () => {
    const changing = await startSshd();
    try {
      const pinned = changing.hostKey();
      const changed = await changing.restartWithNewHostKey();
      const changes = { port: changing.port, username: changing.username, hostKey: pinned };
      const error = await failureOf(open(changes));
      expect(error.code).toBe("HOST_KEY_MISMATCH");
      expect(error.details).toEqual({ hostKey: changed, pinnedFingerprint: pinned.fingerprint });
      await waitUntil(
        () => /Connection closed|Connection reset|disconnect/i.test(changing.log()),
        "the end in the log",
      );
      expect(changing.authAttempts()).toBe(0);
      expect(changing.log()).not.toContain("userauth-request");
    } finally {
      await changing.stop();
    }
  });

  it("tells a host that now has a key of another type from one that cannot be reached", async () => {
    const rsa = await startSshd({ hostKeyType: "rsa" });
    try {
      const error = await failureOf(open({ port: rsa.port, username: rsa.username }));
      expect(error.code).toBe("HOST_KEY_MISMATCH");
      expect(error.details?.hostKey).toEqual(rsa.hostKey());
      const changes = { port: rsa.port, username: rsa.username, hostKey: rsa.hostKey() };
      const credential = toSecret({ method: "private_key", privateKey: rsa.privateKey });
      expect(await whoAmI(await open({ ...changes, credential }))).toBe(rsa.username);
    } finally {
      await rsa.stop();
    }
  });

  it("tells apart nobody listening, an unknown name, silence, and something that is not SSH", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    const web = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(
      0,
      "127.0.0.1",
    );
    const portOf = (server: typeof silent) => (server.address() as { port: number }).port;
    try {
      const refused = await failureOf(open({ port: 1 }));
      const unknown = await failureOf(open({ host: "no-such-host.invalid" }));
      const noAnswer = await failureOf(
        connectNode(target({ port: portOf(silent) }), { readyTimeoutMs: 300 }),
      );
      const notSsh = await failureOf(open({ port: portOf(web) }));
      expect(refused).toMatchObject({ code: "NODE_UNREACHABLE" });
      expect(unknown).toMatchObject({ code: "NODE_UNREACHABLE" });
      expect(noAnswer).toMatchObject({ code: "TIMEOUT" });
      expect(notSsh).toMatchObject({ code: "NODE_UNREACHABLE" });
      const errors = [refused, unknown, noAnswer, notSsh];
      expect(new Set(errors.map((error) => error.message.replace(/[\d.]+:\d+/, "…"))).size).toBe(4);
      expect(errors.every((error) => error.hint)).toBe(true);
    } finally {
      silent.close();
      web.close();
    }
  });

  it("notices a half-open link by its keepalive and fails what was in flight", async () => {
    const proxy = await startTcpProxy(sshd);
    try {
      const connection = await connectNode(target({ port: proxy.port }), { keepaliveIntervalMs: 100 });
      const running = failureOf(connection.runScript("sleep 60", { timeoutMs: 60_000 }));
      await waitUntil(() => proxy.bytesToClients() > 0, "traffic");
      proxy.stall();
      expect(await connection.closed).toMatchObject({ code: "NODE_UNREACHABLE" });
      expect(await running).toMatchObject({ code: "NODE_UNREACHABLE" });
      expect(await failureOf(connection.runScript("true"))).toMatchObject({ code: "NODE_UNREACHABLE" });
      expect(await failureOf(connection.files.stat("/"))).toMatchObject({ code: "NODE_UNREACHABLE" });
    } finally {
      await proxy.stop();
    }
  });

  it("survives the death of its session on the node without an uncaught error", async () => {
    const connection = await open();
    const running = failureOf(connection.runScript("echo started; sleep 60", { timeoutMs: 60_000 }));
    await connection.files.realpath(".");
    await sshd.killSessions();
    expect(await running).toMatchObject({ code: "NODE_UNREACHABLE" });
    expect(await connection.closed).toMatchObject({ code: "NODE_UNREACHABLE" });
  });
});

describe.skipIf(sshdUnavailable !== null)("fetchHostKey", () => {
  it("shows the key as the host has it, and starts no login", async () => {
    const sshd = await startSshd({ hostKeyType: "ecdsa" });
    try {
      expect(await fetchHostKey(sshd)).toEqual(sshd.hostKey());
      await waitUntil(
        () => /Connection closed|Connection reset|disconnect/i.test(sshd.log()),
        "the end in the log",
      );
      expect(sshd.log()).not.toContain("userauth-request");
    } finally {
      await sshd.stop();
    }
  });

  it("fails with NODE_UNREACHABLE when nobody listens", async () => {
    expect(await failureOf(fetchHostKey({ host: "127.0.0.1", port: 1 }))).toMatchObject({
      code: "NODE_UNREACHABLE",
    });
  });
});
