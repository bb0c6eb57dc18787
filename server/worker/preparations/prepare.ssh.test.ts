import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreparationView } from "../../contracts/preparation";
import { cancelPreparation, prepareNode, uninstallPreparation } from "../../preparations";
import type { TestWorker } from "../../testing/attempt-node";
import { type PreparationNode, startPreparationNode } from "../../testing/preparation-node";
import { run } from "../../testing/processes";
import { sshdUnavailable } from "../../testing/sshd";

const MAIN = "DeepSpeedExamples/applications/DeepSpeed-Chat/training/step1_supervised_finetuning/main.py";
const states = (view: PreparationView) => view.job?.steps.map(({ name, state }) => `${name} ${state}`);
const noteOf = (view: PreparationView, step: string) =>
  view.job?.steps.find(({ name }) => name === step)?.note ?? "";
const MADE = [
  "environment done",
  "torch done",
  "packages done",
  "examples done",
  "application done",
  "ops skipped",
  "models done",
  "check done",
];
const KEPT = MADE.map((line) => line.replace(/done$/, "kept").replace("check kept", "check done"));
const ONLY_MODELS = KEPT.map((line) => line.replace("models kept", "models done"));
const SECRETS = { hubToken: "hf_canary", indexPassword: "in/dex", proxyPassword: "pro:xy" };

describe.skipIf(sshdUnavailable !== null)("preparing a node on a real sshd", { timeout: 400_000 }, () => {
  let place: PreparationNode;
  let worker: TestWorker;
  beforeAll(async () => {
    place = await startPreparationNode();
    worker = await place.node.worker();
  });
  afterAll(() => place.stop());

  const input = () => ({ ctx: place.node.ctx, input: { id: place.node.nodeId } });
  const prepared = async (...args: Parameters<PreparationNode["prepare"]>) => {
    await place.prepare(...args);
    return place.ended(worker);
  };
  const uninstall = async () => {
    await uninstallPreparation(input());
    return place.ended(worker);
  };
  const settingsOf = async () =>
    (await place.node.db.prisma.node.findUniqueOrThrow({ where: { id: place.node.nodeId } })).settings;
  const own = (path: string) => {
    if (process.getuid?.() === 0) run("chown", ["-R", place.node.sshd.username, path]);
  };
  const programs = (name: string) =>
    run("sh", ["-c", 'pgrep -u "$1" -f "$2" || true', "sh", place.node.sshd.username, name]).trim();
  /** Prepares up to the models step, which waits until `release`. */
  const startAndHold = async () => {
    rmSync(place.env("huggingface/hub"), { recursive: true, force: true });
    rmSync(place.home("is-fetching"), { force: true });
    writeFileSync(place.home("hold"), "");
    await place.prepare();
    await place.until(worker, () => existsSync(place.home("is-fetching")), "the models step");
  };
  const release = () => rmSync(place.home("hold"));

  it("does not take over what somebody else made", async () => {
    run("mkdir", ["-p", place.env("venv/bin")]);
    own(place.home(".trainyard"));
    const view = await prepared();
    expect(view.job?.reason).toContain("not made by Trainyard");
    await uninstall();
    expect(existsSync(place.env("venv/bin"))).toBe(true);
    rmSync(place.env(), { recursive: true });
  });

  it("makes everything in the home, uses it from then on, and shows no secret anywhere", async () => {
    const logins = { indexUsername: "u", proxyUrl: "http://proxy.example.org:1", proxyUsername: "u" };
    const view = await prepared(logins, SECRETS);
    expect(view.job).toMatchObject({ status: "succeeded", reason: null });
    expect(states(view)).toEqual(MADE);
    expect(noteOf(view, "ops")).toContain("no GPU");
    expect(noteOf(view, "check")).toMatch(/^torch \S+, deepspeed \S+, transformers/);
    expect(await settingsOf()).toMatchObject({
      virtualEnvironment: place.env("venv"),
      examplesDirectory: place.env("DeepSpeedExamples"),
      env: { HF_HOME: place.env("huggingface") },
    });
    expect(await place.node.db.prisma.nodePreparation.findFirst()).toMatchObject({
      preparedIn: "~/.trainyard",
      applied: { virtualEnvironment: place.env("venv") },
      replaced: { virtualEnvironment: place.home("environment") },
    });
    run(place.env("venv/bin/python"), [place.env(MAIN)]);

    expect(view.storedSecrets).toEqual(["hubToken", "indexPassword", "proxyPassword"]);
    expect(await place.log()).toContain("token *********\n");
    const jobs = place.home(".trainyard/prepare/attempts");
    const holders = run("sh", ["-c", 'grep -rlE "hf_canary|in/dex|pro:xy" "$1" || true', "sh", jobs]);
    expect(holders).not.toMatch(/\/(env|cmd|steps)$/m);
    const { rows } = await place.node.db.pool.query(
      `SELECT encode(envelope, 'escape') AS text, (SELECT string_agg(p::text, '') FROM node_preparation p) AS row
       FROM preparation_secret`,
    );
    expect(JSON.stringify([view, rows])).not.toMatch(/hf_canary|in\/dex|pro:xy/);
    expect(Object.fromEntries(await place.vault.preparation.read(place.node.nodeId))).toEqual(SECRETS);
  });

  it("does nothing new the second time", async () => {
    const made = statSync(place.env("venv/bin/pip")).mtimeMs;
    const view = await prepared({}, { hubToken: null, indexPassword: null, proxyPassword: null });
    expect(states(view)).toEqual(KEPT);
    expect(view).toMatchObject({ job: { status: "succeeded" }, storedSecrets: [] });
    expect(statSync(place.env("venv/bin/pip")).mtimeMs).toBe(made);
    expect(await place.log()).not.toContain("Installing collected packages");
  });

  it("goes on through a cut link and a worker that is killed", async () => {
    await startAndHold();
    place.node.proxy.cutNow();
    await worker.kill();
    worker = await place.node.worker("another");
    release();
    expect(states(await place.ended(worker))).toEqual(ONLY_MODELS);
  });

  it("goes on where it was when a step was killed", async () => {
    await startAndHold();
    process.kill(Number(programs("bin/python -u .*warm-cache.py").split("\n")[0]), "SIGKILL");
    expect((await place.ended(worker)).job?.status).toBe("failed");
    release();
    expect(states(await prepared())).toEqual(ONLY_MODELS);
  });

  it("can be cancelled, which leaves no process, and is taken up again", async () => {
    await startAndHold();
    await expect(place.prepare()).rejects.toMatchObject({ code: "CONFLICT" });
    await cancelPreparation(input());
    const view = await place.ended(worker);
    expect(view.job).toMatchObject({ status: "cancelled" });
    expect(states(view)).toContain("models cancelled");
    expect(programs("warm-cache.py")).toBe("");
    release();
    expect(states(await prepared())).toEqual(ONLY_MODELS);
  });

  it("makes a half-made environment and checkout anew", async () => {
    for (const name of ["venv", "DeepSpeedExamples"]) writeFileSync(place.env(".trainyard", name), "");
    rmSync(place.env("venv/bin/pip"));
    rmSync(place.env(MAIN));
    writeFileSync(place.env("DeepSpeedExamples/.git/index.lock"), "");
    own(place.env("DeepSpeedExamples/.git/index.lock"));
    expect(states(await prepared())?.slice(0, 4)).toEqual(MADE.slice(0, 4));
    expect(existsSync(place.env(MAIN))).toBe(true);
  });

  it.each([
    [
      "an index that lacks it",
      { indexUrl: "file:///nowhere", torch: "torch==0.0.1" },
      "the setting Index URL",
    ],
    [
      "a repository that is not there",
      { examplesUrl: "file:///nowhere", examplesRef: "x" },
      "the setting Repository",
    ],
    ["a commit that is not there", { examplesRef: "0".repeat(40) }, "the setting Commit"],
    ["a commit without the application", { examplesRef: "empty" }, "the settings Repository and Commit"],
    ["a Python that is not there", { python: "python9" }, "the setting Python"],
    ["a model that is not there", { models: ["missing/model"] }, "check the models"],
    [
      "a model that is not there, offline",
      { models: ["other/model"], isOffline: true },
      "offline mode is on",
    ],
  ])("names the setting for %s", async (_what, changes, text) => {
    const view = await prepared(changes);
    expect(view.job?.status).toBe("failed");
    expect(view.job?.reason).toContain(text);
  });

  it("refuses settings that cannot be right, and a practice node", async () => {
    await expect(place.prepare({ indexUsername: "u", indexUrl: null })).rejects.toThrow("settings.indexUrl");
    await expect(place.prepare({ examplesSource: "archive" })).rejects.toThrow("settings.examplesSource");
    const practice = await place.node.db.prisma.node.create({
      data: { name: "practice", host: "h", username: "u", authMethod: "password", isPractice: true },
    });
    const request = { ctx: place.node.ctx, link: place.link, input: { id: practice.id, secrets: {} } };
    await expect(prepareNode(request)).rejects.toThrow("nothing to install");
  });

  it("moves to another commit, and touches no checkout with changes", async () => {
    const [older, newer = ""] = place.commits;
    const mark = readFileSync(place.env(".trainyard/DeepSpeedExamples"), "utf8");
    expect(mark, "a commit that cannot be used leaves what is known of the checkout").toBe(
      `clone ${older}\n`,
    );
    expect(noteOf(await prepared({ examplesRef: newer }), "examples")).toBe(newer);
    expect(readFileSync(place.env(MAIN), "utf8")).toContain("two");
    writeFileSync(place.env(MAIN), "my own");
    expect((await prepared()).job?.reason).toContain("changes of your own");
    expect(noteOf(await uninstall(), "examples")).toContain("changes of your own");
    expect(readFileSync(place.env(MAIN), "utf8")).toBe("my own");
  });

  it("removes what it made and only that", async () => {
    writeFileSync(place.env(MAIN), "import dschat  # two\n");
    writeFileSync(place.env("notes.txt"), "mine");
    const view = await uninstall();
    expect(view).toMatchObject({ job: { status: "succeeded", action: "uninstall" }, preparedAt: null });
    expect(noteOf(view, "environment")).toContain("there is none");
    expect(readdirSync(place.env())).toEqual(["notes.txt"]);
    expect(existsSync(place.home("DeepSpeedExamples"))).toBe(true);
    expect(await settingsOf()).toMatchObject({ virtualEnvironment: place.home("environment"), env: {} });
  });
});
