import { randomBytes, randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { descendantsOf, waitUntil } from "../../testing/processes";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { startTcpProxy } from "../../testing/tcp-proxy";
import { connectNode, expectSuccess, type LiveConnection, toSecret } from ".";

const NOISE = 'echo "welcome to \x01ty:0000:begin"; echo "you have mail" >&2; printf "\\001ty:"\n';

function connectTo(sshd: TestSshd, port = sshd.port): Promise<LiveConnection> {
  return connectNode({
    nodeId: "00000000-0000-4000-8000-000000000001",
    host: sshd.host,
    port,
    username: sshd.username,
    hostKey: sshd.hostKey(),
    credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
  });
}

/** Any bytes but NUL, often with newlines at the end, which a shell likes to drop. */
function randomArgument(): Buffer {
  const bytes = randomBytes(randomInt(0, 60)).map((byte) => byte || 1);
  return Buffer.concat([bytes, Buffer.from("\n".repeat(randomInt(0, 3)))]);
}

const ECHO_ARGUMENTS = `for a do printf '%s\\0' "$a"; done`;
function splitArguments(output: Buffer): string[] {
  return output.toString("latin1").split("\0").slice(0, -1);
}

const LOGIN_SHELLS = ["/bin/bash", "/bin/sh", "/usr/bin/fish", "/bin/csh"].filter((shell) =>
  existsSync(shell),
);

describe.skipIf(sshdUnavailable !== null).each(LOGIN_SHELLS)(
  "scripts where %s is the login shell",
  (shell) => {
    let sshd: TestSshd;
    let connection: LiveConnection;
    beforeAll(async () => {
      sshd = await startSshd({ shell, bashrc: NOISE });
      connection = await connectTo(sshd);
    });
    afterAll(async () => {
      connection.close();
      await sshd.stop();
    });

    it("returns what the program wrote, and none of the login shell's noise", async () => {
      const result = await connection.runScript("printf 'out'; printf 'err' >&2; exit 3");
      expect(result).toMatchObject({ exitCode: 3, signal: null, isTimedOut: false, isTruncated: false });
      expect([result.stdout.toString(), result.stderr.toString()]).toEqual(["out", "err"]);
    });

    it("hands over 500 random byte strings unchanged", async () => {
      const args = Array.from({ length: 500 }, randomArgument);
      const result = await connection.runScript(ECHO_ARGUMENTS, { args, timeoutMs: 60_000 });
      expect(splitArguments(result.stdout)).toEqual(args.map((bytes) => bytes.toString("latin1")));
    });

    it("hands over what would be shell syntax as it is", async () => {
      const args = [
        "$(touch /tmp/pwned)",
        "`id`",
        "'; exit 9 #",
        "\\",
        "a b",
        "",
        "-n",
        "~",
        "*",
        "é🚀",
        "\n\n",
      ];
      const result = await connection.runScript(ECHO_ARGUMENTS, { args });
      expect(splitArguments(result.stdout)).toEqual(args.map((text) => Buffer.from(text).toString("latin1")));
    });
  },
);

describe.skipIf(sshdUnavailable !== null)("scripts", () => {
  let sshd: TestSshd;
  let connection: LiveConnection;
  beforeAll(async () => {
    sshd = await startSshd({ bashrc: NOISE });
    connection = await connectTo(sshd);
  });
  afterAll(async () => {
    connection.close();
    await sshd.stop();
  });

  it("keeps UTF-8 and binary output whole over chunk borders", async () => {
    const result = await connection.runScript(
      "head -c 3000000 /dev/zero | tr '\\0' '\\351'; printf 'x\\0y\\377'",
      {
        maxOutputBytes: 4_000_000,
      },
    );
    expect(result.stdout.length).toBe(3_000_004);
    expect(result.stdout.subarray(0, 3_000_000).every((byte) => byte === 0xe9)).toBe(true);
  });

  it("cuts big output at its limit and does not know how the program ended", async () => {
    const result = await connection.runScript("yes | head -c 600000000", {
      maxOutputBytes: 100_000,
      timeoutMs: 60_000,
    });
    expect(result).toMatchObject({ isTruncated: true, exitCode: null });
    expect(result.stdout.length).toBe(100_000);
    expect((await connection.runScript("echo next")).stdout.toString()).toBe("next\n");
  });

  it("stops waiting at the deadline, keeps what came, and ends the program on the node", async () => {
    const result = await connection.runScript("echo before; exec sleep 4711", { timeoutMs: 300 });
    expect(result).toMatchObject({ isTimedOut: true, exitCode: null });
    expect(result.stdout.toString()).toBe("before\n");
    expect(() => expectSuccess(result, "The probe")).toThrowError("The probe did not end in time.");
    const sleepers = async () =>
      (await connection.runScript("ps -eo args | grep -c '[s]leep 4711'")).stdout.toString();
    await waitUntil(async () => (await sleepers()) === "0\n", "the program to end");
  });

  it("does not let a program change the next one, or eat its input", async () => {
    await connection.runScript("cd /; x=1; umask 000; trap 'echo trapped' EXIT; cat; set -e; false");
    const result = await connection.runScript('echo "$x" $(umask) "$PWD"');
    expect(result.stdout.toString()).toMatch(/^ 0022 \/.*home\n$/);
  });

  it("does not wait for what a program left in the background", async () => {
    const result = await connection.runScript("setsid sleep 5 >/dev/null 2>&1 & echo done");
    expect(result.stdout.toString()).toBe("done\n");
    expect(result.durationMs).toBeLessThan(4_000);
  });

  it("pays the login shell once for many calls", async () => {
    const before = sshd.log().match(/Starting session: command/g)?.length ?? 0;
    for (let call = 0; call < 20; call++) await connection.runScript("true");
    expect((sshd.log().match(/Starting session: command/g)?.length ?? 0) - before).toBeLessThanOrEqual(1);
  });

  it("runs ten calls at once over at most two shells", async () => {
    const outputs = await Promise.all(
      Array.from({ length: 10 }, (_, index) => connection.runScript('echo "$1"', { args: [String(index)] })),
    );
    expect(outputs.map((result) => result.stdout.toString().trim())).toEqual([..."0123456789"]);
  });

  it("never says a program succeeded when the link was cut inside its reply", async () => {
    for (let bytes = 1; bytes < 2_000; bytes += 97) {
      const proxy = await startTcpProxy(sshd);
      const cut = await connectTo(sshd, proxy.port);
      await cut.runScript("true");
      proxy.cutAfter(bytes);
      const outcome = await cut.runScript("echo some output; sleep 0.01; echo more").then(
        (result) => [result.exitCode, result.stdout.toString()],
        (error) => error.code,
      );
      expect(outcome === "NODE_UNREACHABLE" || outcome[1] === "some output\nmore\n").toBe(true);
      cut.close();
      await proxy.stop();
    }
  }, 60_000);

  it("streams output without noise, tells its end, and counts no code for a stream that was closed", async () => {
    const chunks: Buffer[] = [];
    const end = await new Promise((resolve) => {
      connection.streamScript('echo "$1"; echo two; exit 4', {
        args: ["o n e"],
        onStdout: (bytes) => chunks.push(bytes),
        onClose: resolve,
      });
    });
    expect(Buffer.concat(chunks).toString()).toBe("o n e\ntwo\n");
    expect(end).toEqual({ exitCode: 4, signal: null });
  });

  it("kills a streamed program that ignores everything when it is closed", async () => {
    let text = "";
    let hasClosed = false;
    const stream = await connection.streamScript(
      "trap '' TERM HUP PIPE; echo $$; while :; do sleep 1; done",
      {
        onStdout: (bytes) => {
          text += bytes;
        },
        onClose: () => {
          hasClosed = true;
        },
      },
    );
    await waitUntil(() => text.includes("\n"), "the program's pid");
    expect(descendantsOf(Number(text), () => true)).toBeDefined();
    stream.close();
    await waitUntil(() => hasClosed, "the channel to close");
    const alive = async () =>
      (await connection.runScript('kill -0 "$1"', { args: [text.trim()] })).exitCode === 0;
    await waitUntil(async () => !(await alive()), "the program to end");
  });

  it("refuses a NUL byte in an argument", async () => {
    await expect(connection.runScript("true", { args: ["a\0b"] })).rejects.toMatchObject({
      code: "VALIDATION",
    });
    expect((await connection.runScript("echo fine")).stdout.toString()).toBe("fine\n");
  });
});
