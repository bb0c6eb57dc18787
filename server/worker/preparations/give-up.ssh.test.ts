import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelPreparation, uninstallPreparation } from "../../preparations";
import type { TestWorker } from "../../testing/attempt-node";
import { type PreparationNode, startPreparationNode } from "../../testing/preparation-node";
import { waitUntil } from "../../testing/processes";
import { sshdUnavailable } from "../../testing/sshd";

describe.skipIf(sshdUnavailable !== null)("a job that does not start", { timeout: 120_000 }, () => {
  let place: PreparationNode;
  let worker: TestWorker;
  beforeAll(async () => {
    place = await startPreparationNode();
    worker = await place.node.worker();
  });
  afterAll(() => place.stop());
  const input = () => ({ ctx: place.node.ctx, input: { id: place.node.nodeId } });
  const exec = (sql: string) => place.node.db.pool.query(sql);
  /** The next job is asked for as if nothing had been made elsewhere. */
  const forgetPlace = () => exec(`UPDATE node_preparation SET "workDirectory" = NULL`);
  const exitOf = (id: string | undefined) =>
    existsSync(place.home(".trainyard/prepare/attempts", id ?? "", "exit"));

  it("is cancelled by the end that bars a late launch, written on the node", async () => {
    await place.prepare();
    await cancelPreparation(input());
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({ status: "cancelled", reason: "Cancelled before it began." });
    expect(exitOf(job?.id)).toBe(true);
  });

  it("fails with words when a secret cannot be read, and not before the node knows", async () => {
    await place.prepare({}, { hubToken: "hf_canary" });
    await exec(`UPDATE preparation_secret SET envelope = '\\x00'`);
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({ status: "failed", reason: expect.stringContaining("secret cannot be read") });
    expect(exitOf(job?.id)).toBe(true);
    await exec("DELETE FROM preparation_secret");
  });

  it("works in the place that it was asked for with", async () => {
    await place.prepare();
    await exec(`UPDATE node_preparation SET "workDirectory" = '~/elsewhere'`);
    await cancelPreparation(input());
    const { job } = await place.ended(worker);
    expect(existsSync(place.home("elsewhere/prepare/attempts", job?.id ?? "", "exit"))).toBe(true);
    await forgetPlace();
  });

  it("fails with words when its settings cannot be read", async () => {
    await place.prepare();
    await exec(`UPDATE node_preparation SET settings = '{"python": 1}'`);
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({ status: "failed", reason: expect.stringContaining("settings of this job") });
    expect(exitOf(job?.id)).toBe(true);
  });

  it("can be cancelled while it runs without its secrets, and shows no log then", async () => {
    const slow = place.home("slow-python");
    writeFileSync(slow, "#!/bin/sh\necho hf_canary >&2\nexec sleep 100\n");
    chmodSync(slow, 0o755);
    await place.prepare({ python: slow }, { hubToken: "hf_canary" });
    await place.until(worker, ({ job }) => job?.status === "running", "the start");
    await exec("DELETE FROM preparation_log");
    await exec(`UPDATE node_preparation SET "logSize" = 0`);
    await exec(`UPDATE preparation_secret SET envelope = '\\x00'`);
    await cancelPreparation(input());
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({ status: "cancelled", logSize: 0 });
    expect(await place.log()).toBe("");
  });

  it("is cancelled on the node also where earlier jobs have been", async () => {
    expect(existsSync(place.home(".trainyard/prepare/attempts"))).toBe(true);
    await place.prepare();
    await cancelPreparation(input());
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({ status: "cancelled", reason: "Cancelled before it began." });
    expect(exitOf(job?.id)).toBe(true);
  });

  it("works where the node's settings point when nobody kept where it was asked for", async () => {
    await place.prepare();
    await exec(`UPDATE node_preparation SET "workDirectory" = NULL`);
    await cancelPreparation(input());
    expect(exitOf((await place.ended(worker)).job?.id)).toBe(true);
  });

  it("ends with the node's words where its work directory cannot be made, without a secret", async () => {
    await place.prepare({}, { hubToken: "proc" });
    await exec(`UPDATE node_preparation SET "workDirectory" = '/proc/self/none'`);
    const { job } = await place.ended(worker);
    expect(job?.status).toBe("failed");
    expect(job?.reason).toMatch(/\/\*{4}\/self\/none/);
    expect(job?.reason).not.toContain("proc");
    await forgetPlace();
  });

  /** A Python whose venv ends with these words; they come after the job has begun and `go` is there. */
  const failingPython = (words: string) => {
    const path = place.home("failing-python");
    const go = place.home("go");
    const answer = `case $2 in *sys.executable*) echo "/usr/bin/x 3.11" ;; esac`;
    const venv = `while ! [ -e "${go}" ]; do sleep 0.05; done; echo "${words}" >&2; exit 1`;
    writeFileSync(path, `#!/bin/sh\n${answer}\ncase $1 in -m) ${venv} ;; esac\n`);
    chmodSync(path, 0o755);
    return { python: path, go: () => writeFileSync(go, ""), hold: () => rmSync(go, { force: true }) };
  };

  it("has the node's own variables, and stars a secret in its note and reason", async () => {
    await exec(`UPDATE node SET settings = settings || '{"env": {"MINE": "my own"}}'`);
    const { python, go } = failingPython("refused hf_canary to $MINE");
    go();
    const { job } = await place
      .prepare({ python }, { hubToken: "hf_canary" })
      .then(() => place.ended(worker));
    const note = job?.steps[0]?.note;
    expect(note).toContain("refused ********* to my own");
    expect(job?.reason).toBe(note);
    expect(await place.log()).toContain("refused ********* to my own");
  });

  it("shows no note once nobody can say what is secret in it", async () => {
    const { python, go, hold } = failingPython("refused hf_canary");
    hold();
    await place.prepare({ python }, { hubToken: "hf_canary" });
    await place.until(worker, ({ job }) => job?.status === "running", "the start");
    await exec(`UPDATE preparation_secret SET envelope = '\\x00'`);
    go();
    const { job } = await place.ended(worker);
    expect(job?.steps[0]).toMatchObject({ state: "failed", note: null });
    expect(job?.reason).toBe("The step environment failed. Prepare again to go on.");
    expect(JSON.stringify(job)).not.toContain("hf_canary");
  });

  it("is uninstalled without the secrets, which it needs none of", async () => {
    await uninstallPreparation(input());
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({ action: "uninstall", status: "succeeded" });
    await exec("DELETE FROM preparation_secret");
  });

  it("changes nothing of the node's settings when its own became unreadable while it ran", async () => {
    const settings = async () =>
      (await place.node.db.prisma.node.findUniqueOrThrow({ where: { id: place.node.nodeId } })).settings;
    await exec(`UPDATE node SET settings = settings || '{"virtualEnvironment": "~/mine"}'`);
    await uninstallPreparation(input());
    const id = (await place.view()).job?.id;
    await place.until(
      worker,
      () => existsSync(place.home(".trainyard/prepare/attempts", id ?? "")),
      "a launch",
    );
    await waitUntil(() => exitOf(id), "the job's end on the node");
    await exec(`UPDATE node_preparation SET settings = '{"python": 1}'`);
    const { job } = await place.ended(worker);
    expect(job).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("cannot be read any more"),
    });
    expect(await settings()).toMatchObject({ virtualEnvironment: "~/mine" });
  });
});
