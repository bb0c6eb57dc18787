import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NodeSettings } from "../../contracts/nodes";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { connectNode, type LiveConnection, toSecret } from "../ssh";
import { takeInventory } from "./take-inventory";

describe.skipIf(sshdUnavailable !== null)("takeInventory", () => {
  let sshd: TestSshd;
  let connection: LiveConnection;
  beforeAll(async () => {
    sshd = await startSshd({ bashrc: 'export PATH="$HOME/bin:$PATH"; echo noise=1\n' });
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
  const install = (path: string, text: string) => {
    const file = join(sshd.homeDirectory, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };

  it("describes this machine", async () => {
    const inventory = await takeInventory(connection, NodeSettings.parse({}));
    expect(inventory.cpuCount).toBe(cpus().length);
    expect(inventory.homeDirectory).toBe(sshd.homeDirectory);
    expect(inventory.loginShell).toBe("/bin/bash");
    expect(inventory.hasSetsid).toBe(true);
    expect(inventory.diskFreeGiB).toBeGreaterThan(0);
    expect(inventory.memoryTotalMiB).toBeGreaterThan(0);
    expect(inventory.commandLatencyMs).toBeGreaterThan(0);
    expect(inventory.gpus).toEqual([]);
  });

  it("finds versions in the configured virtual environment without importing, and the examples", async () => {
    const python =
      '#!/bin/sh\nprintf "python=3.11.4\\ntorch=2.4.0\\ndeepspeed=0.15.1\\ntransformers=4.44.2\\n"\n';
    install("venv dir/bin/python", python);
    mkdirSync(join(sshd.homeDirectory, "my examples/applications/DeepSpeed-Chat/training"), {
      recursive: true,
    });
    const inventory = await takeInventory(
      connection,
      NodeSettings.parse({ virtualEnvironment: "~/venv dir", examplesDirectory: "~/my examples" }),
    );
    expect(inventory).toMatchObject({
      python: "3.11.4",
      torch: "2.4.0",
      deepspeed: "0.15.1",
      transformers: "4.44.2",
    });
    expect(inventory.examplesDirectory).toBe(join(sshd.homeDirectory, "my examples"));
    expect(inventory.examplesCommit).toBeNull();
  });

  it("loses only the GPUs when nvidia-smi hangs and ignores signals", async () => {
    install("bin/nvidia-smi", "#!/bin/sh\ntrap '' TERM HUP INT\nwhile :; do sleep 1; done\n");
    const inventory = await takeInventory(connection, NodeSettings.parse({}));
    expect(inventory.gpus).toEqual([]);
    expect(inventory.driverVersion).toBeNull();
    expect(inventory.cpuCount).toBe(cpus().length);
    expect(inventory.commandLatencyMs).toBeGreaterThan(0);
  }, 60_000);

  it("lists GPUs with memory and driver", async () => {
    const lines = [
      "#!/bin/sh",
      'case "$*" in',
      '  -L) echo "GPU 0: NVIDIA A30 (UUID: GPU-11)" ;;',
      '  --query-gpu=*) echo "0, GPU-11, 24576, 535.1, NVIDIA A30" ;;',
      "  --version) exit 1 ;;",
      '  "") echo "| NVIDIA-SMI 535.1   Driver Version: 535.1   CUDA Version: 12.2     |" ;;',
      "esac",
    ];
    install("bin/nvidia-smi", `${lines.join("\n")}\n`);
    const inventory = await takeInventory(connection, NodeSettings.parse({}));
    expect(inventory).toMatchObject({ driverVersion: "535.1", cudaVersion: "12.2" });
    expect(inventory.gpus).toEqual([
      {
        uuid: "GPU-11",
        index: 0,
        name: "NVIDIA A30",
        memoryTotalMiB: 24576,
        parentUuid: null,
        migProfile: null,
        migIndex: null,
      },
    ]);
  });
});
