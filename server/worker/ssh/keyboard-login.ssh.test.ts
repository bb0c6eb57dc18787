import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import { Server, utils } from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectNode, fetchHostKey, toSecret } from ".";

/** OpenSSH offers keyboard-interactive only with PAM, which a test cannot set up: ssh2's own server stands in. */
describe("a server that asks for the password by keyboard-interactive", () => {
  let server: Server;
  const rounds: string[][] = [];
  let prompts: { prompt: string; echo: boolean }[] = [];
  beforeAll(async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    server = new Server({ hostKeys: [privateKey] }, (client) => {
      client.on("error", () => {});
      client.on("authentication", (context) => {
        if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
        context.prompt(prompts, (answers) => {
          rounds.push(answers);
          if (answers.length === 1 && answers[0] === "right") context.accept();
          else context.reject(["keyboard-interactive"]);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    expect(utils.parseKey(privateKey)).not.toBeInstanceOf(Error);
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  const login = async (password: string) => {
    rounds.length = 0;
    const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
    const hostKey = await fetchHostKey(address);
    const credential = toSecret({ method: "password", password });
    const connection = await connectNode({ ...address, nodeId: "n", username: "ada", hostKey, credential });
    connection.close();
  };

  it("gets it as the answer to a single hidden prompt", async () => {
    prompts = [{ prompt: "Passwort: ", echo: false }];
    await login("right");
    expect(rounds).toEqual([["right"]]);
  });

  it("gets it once when it is wrong", async () => {
    prompts = [{ prompt: "Password: ", echo: false }];
    await expect(login("wrong")).rejects.toMatchObject({ code: "SSH_AUTH_REJECTED" });
    expect(rounds).toEqual([["wrong"]]);
  });

  it.each([
    ["shows what is typed", [{ prompt: "Code: ", echo: true }]],
    [
      "asks for two things",
      [
        { prompt: "Password: ", echo: false },
        { prompt: "Token: ", echo: false },
      ],
    ],
  ])("gets nothing when it %s", async (_, asked) => {
    prompts = asked;
    await expect(login("right")).rejects.toMatchObject({ code: "SSH_AUTH_REJECTED" });
    expect(rounds.flat()).not.toContain("right");
  });
});
