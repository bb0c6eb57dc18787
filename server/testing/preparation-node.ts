import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { WorkerLink } from "../contracts/link";
import { type PreparationSecrets, PreparationSettings, type PreparationView } from "../contracts/preparation";
import { isAppError } from "../errors";
import { getPreparation, prepareNode, readPreparationLog } from "../preparations";
import { NO_MEMORY, prepareRound } from "../worker/preparations/prepare-round";
import { loadKeyRing, Vault } from "../worker/vault";
import { type AttemptNode, startAttemptNode, type TestWorker } from "./attempt-node";
import { run } from "./processes";
import type { StartSshdOptions } from "./sshd";
import { makeStandInIndex } from "./stand-in-server";

const APPLICATION = "applications/DeepSpeed-Chat";

/** A real sshd to prepare, with a package index and a repository of DeepSpeedExamples on its own disk. */
export interface PreparationNode {
  node: AttemptNode;
  vault: Vault;
  link: WorkerLink;
  settings: PreparationSettings;
  commits: string[];
  /** Path in the node's home. */
  home: (...path: string[]) => string;
  /** Path in the environment. */
  env: (...path: string[]) => string;
  prepare: (changes?: Partial<PreparationSettings>, secrets?: PreparationSecrets) => Promise<PreparationView>;
  view: () => Promise<PreparationView>;
  log: () => Promise<string>;
  /** Rounds of the worker until the condition holds. A link that is down costs the round. */
  until: (
    worker: TestWorker,
    condition: (view: PreparationView) => boolean,
    what: string,
  ) => Promise<PreparationView>;
  ended: (worker: TestWorker) => Promise<PreparationView>;
  stop: () => Promise<void>;
}

export async function startPreparationNode(options: StartSshdOptions = {}): Promise<PreparationNode> {
  const node = await startAttemptNode(options);
  const { ctx, nodeId, facts } = node;
  const input = { id: nodeId };
  const home = (...path: string[]) => join(facts.homeDirectory, ...path);
  const keys = mkdtempSync(join(tmpdir(), "trainyard-keys-"));
  const vault = new Vault(node.db.pool, loadKeyRing(join(keys, "ring.json")));
  makeStandInIndex(home("index"));
  const commits = makeRepository(home("repository"));
  if (process.getuid?.() === 0) run("chown", ["-R", node.sshd.username, facts.homeDirectory]);
  const settings = PreparationSettings.parse({
    indexUrl: `file://${home("index")}`,
    examplesUrl: `file://${home("repository")}`,
    examplesRef: commits[0],
    models: ["facebook/opt-125m"],
  });
  const link = linkOf(vault);
  const view = () => getPreparation({ ctx, input });
  const until: PreparationNode["until"] = async (worker, condition, what) => {
    const memory = { ...NO_MEMORY };
    const deadline = Date.now() + 150_000;
    for (let now = await view(); ; now = await view()) {
      if (condition(now)) return now;
      if (Date.now() > deadline)
        throw new Error(`150 s of rounds did not lead to: ${what}; ${JSON.stringify(now.job)}`);
      const isMore = await round(worker, memory);
      if (!isMore) await delay(30);
    }
  };
  const round = async (worker: TestWorker, memory: typeof NO_MEMORY): Promise<boolean> => {
    try {
      const lease = await worker.lease();
      const connection = await worker.connect();
      return (await prepareRound({ ctx, lease, connection, vault, facts }, memory)) === "more";
    } catch (error) {
      if (!isAppError(error)) throw error;
      ctx.log.info({ err: error }, "a round was lost");
      return false;
    }
  };
  return {
    node,
    vault,
    link,
    settings,
    commits,
    home,
    env: (...path) => home(".trainyard/env", ...path),
    prepare: (changes = {}, secrets = {}) =>
      prepareNode({ ctx, link, input: { ...input, settings: { ...settings, ...changes }, secrets } }),
    view,
    log: async () =>
      (await readPreparationLog({ ctx, input: { ...input, length: 4_194_304 } })).bytes.toString(),
    until,
    ended: (worker) => until(worker, ({ job }) => job?.endedAt != null, "the end of the job"),
    stop: async () => {
      await node.stop();
      rmSync(keys, { recursive: true, force: true });
    },
  };
}

/** The web process's side, without the wire between. */
function linkOf(vault: Vault): WorkerLink {
  const request = async (name: string, input: { nodeId: string; secrets: PreparationSecrets }) => {
    if (name === "nodes.storePreparationSecrets") await vault.preparation.store(input.nodeId, input.secrets);
    return {};
  };
  // Safe because the verbs under test ask for nothing else.
  return { request } as unknown as WorkerLink;
}

/** Two commits of a stand-in for DeepSpeedExamples; their hashes, oldest first. The branch "empty" lacks the application. */
function makeRepository(directory: string): string[] {
  const training = join(directory, APPLICATION, "training/step1_supervised_finetuning");
  mkdirSync(training, { recursive: true });
  mkdirSync(join(directory, APPLICATION, "dschat"));
  writeFileSync(join(directory, APPLICATION, "dschat/__init__.py"), "");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      encoding: "utf8",
    }).trim();
  git("init", "-q", "-b", "empty");
  git("commit", "-q", "--allow-empty", "-m", "empty");
  git("checkout", "-q", "-b", "main");
  return ["one", "two"].map((text) => {
    writeFileSync(join(training, "main.py"), `import dschat  # ${text}\n`);
    git("add", "-A");
    git("commit", "-q", "-m", text);
    return git("rev-parse", "HEAD");
  });
}
