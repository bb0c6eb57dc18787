import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NodeSettings } from "../../contracts/nodes";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { connectNode, type LiveConnection, toSecret } from "../ssh";
import { readCheckout } from "./read-checkout";
import { takeInventory } from "./take-inventory";

const MAIN = `import argparse, torch, deepspeed
def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--own_flag", type=int, default=7)
    return deepspeed.add_config_arguments(parser).parse_args()
`;

describe.skipIf(sshdUnavailable !== null)("readCheckout", () => {
  let sshd: TestSshd;
  let connection: LiveConnection;
  beforeAll(async () => {
    sshd = await startSshd();
    connection = await connectNode({
      nodeId: "00000000-0000-4000-8000-000000000001",
      host: sshd.host,
      port: sshd.port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
  });
  afterAll(async () => {
    connection.close();
    await sshd.stop();
  });
  const read = async () => {
    const settings = NodeSettings.parse({});
    return readCheckout(connection, { inventory: await takeInventory(connection, settings), settings });
  };

  it("a node without a checkout has no flags", async () => {
    expect(await read()).toBeNull();
  });

  it("reads the checkout that the inventory found, without torch", async () => {
    const main = join(
      sshd.homeDirectory,
      "DeepSpeedExamples/applications/DeepSpeed-Chat/training/step1_supervised_finetuning/main.py",
    );
    mkdirSync(dirname(main), { recursive: true });
    writeFileSync(main, MAIN);
    const checkout = await read();
    expect(checkout?.flags.sft).toEqual([
      expect.objectContaining({ name: "own_flag", type: "int", default: 7 }),
    ]);
    expect(checkout?.flags.ppo).toBeNull();
  });
});
