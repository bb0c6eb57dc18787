import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelPreparation } from "../../preparations";
import type { TestWorker } from "../../testing/attempt-node";
import { type PreparationNode, startPreparationNode } from "../../testing/preparation-node";
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
});
