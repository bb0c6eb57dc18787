import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ApiClient } from "../../cli/demo/api-client";
import { NodeView } from "../../contracts/nodes";
import { isAppError } from "../../errors";
import { createFakeNvidiaSmi, FAKE_UUIDS } from "../fake-nvidia-smi";
import { run } from "../processes";
import { startSshd } from "../sshd";
import { preferenceRows } from "./preference-rows";
import { ROWS } from "./run-parameters";

export interface RealNode {
  id: string;
  gpuUuid: string;
  /** A tiny random OPT; its name tells the family, as a hub name would. */
  modelDirectory: string;
  /** Stops sshd and removes everything of the node. */
  stop: () => Promise<void>;
}

export interface RealNodeOptions {
  api: ApiClient;
  /** The lock set, installed. */
  virtualEnvironment: string;
  /** applications/DeepSpeed-Chat of a checkout; only a copy of it is used. */
  applicationDirectory: string;
  /** Keeps compiled operators between runs. */
  extensionsDirectory: string;
}

const ONLINE_TIMEOUT_MS = 60_000;

/**
 * A real sshd with the real DeepSpeed-Chat, added over the API: a copy of the sources with a data set in place, a tiny
 * model, and an nvidia-smi that tells of GPUs, because a run needs one to be scheduled on. DeepSpeed finds the CPU.
 */
export async function startRealNode(options: RealNodeOptions): Promise<RealNode> {
  const directory = mkdtempSync(join(tmpdir(), "trainyard-deepspeed-"));
  const application = join(directory, "DeepSpeed-Chat");
  cpSync(options.applicationDirectory, application, { recursive: true });
  const modelDirectory = putDataAndModel(directory, application, options.virtualEnvironment);
  const smi = createFakeNvidiaSmi(directory, "good");
  // As whoever runs the test: a user made for it could not enter the cache in our home directory.
  const sshd = await startSshd({
    asSelf: true,
    config: [`SetEnv PATH=${smi.directory}:/usr/local/bin:/usr/bin:/bin`],
  });
  const stop = async () => {
    await sshd.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const { id } = await options.api.post(
      "/nodes",
      {
        name: "real",
        host: sshd.host,
        port: sshd.port,
        username: sshd.username,
        credential: { method: "private_key", privateKey: sshd.privateKey },
        hostKey: sshd.hostKey(),
        settings: {
          examplesDirectory: application,
          virtualEnvironment: options.virtualEnvironment,
          workDirectory: join(directory, "work"),
          env: {
            DS_ACCELERATOR: "cpu",
            HF_HOME: join(directory, "hf"),
            HF_HUB_OFFLINE: "1",
            TORCH_EXTENSIONS_DIR: options.extensionsDirectory,
          },
        },
      },
      NodeView,
    );
    await untilOnline(options.api, id);
    return { id, gpuUuid: FAKE_UUIDS[0], modelDirectory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function putDataAndModel(directory: string, application: string, virtualEnvironment: string): string {
  const rows = preferenceRows();
  const data = join(application, "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "train.json"), JSON.stringify(rows.slice(0, ROWS.train)));
  writeFileSync(join(data, "eval.json"), JSON.stringify(rows.slice(-ROWS.evaluation)));
  const texts = join(directory, "texts.json");
  writeFileSync(texts, JSON.stringify(rows.flatMap((row) => Object.values(row))));
  const modelDirectory = join(directory, "opt-1m");
  run(join(virtualEnvironment, "bin", "python"), [
    join(import.meta.dirname, "make-tiny-opt.py"),
    modelDirectory,
    texts,
  ]);
  return modelDirectory;
}

async function untilOnline(api: ApiClient, id: string): Promise<void> {
  const deadline = Date.now() + ONLINE_TIMEOUT_MS;
  for (;;) {
    const node = await api.get(`/nodes/${id}`, NodeView).catch((error: unknown) => {
      if (isAppError(error) && error.code === "NOT_FOUND") return null;
      throw error;
    });
    if (node?.status === "online" && node.gpus.length > 0) return;
    if (Date.now() > deadline) throw new Error(`the node is ${node?.status}: ${node?.statusMessage}`);
    await delay(250);
  }
}
