import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WorkerLink } from "../contracts/link";
import { type PreparationSecrets, PreparationSettings } from "../contracts/preparation";
import type { Database } from "../db";
import { deleteNode } from "../nodes";
import { lockPlan } from "../nodes/hold-node";
import { createRun, scheduleNode } from "../runs";
import { createTestNode, runInput } from "../runs/run-fixtures";
import { createTestDatabase, testContext } from "../testing/database";
import { cancelPreparation, prepareNode, uninstallPreparation } from ".";

let db: Database;
let ctx: ReturnType<typeof testContext>;
let nodeId: string;
let lease: Awaited<ReturnType<typeof createTestNode>>["lease"];
/** Names of the secrets that the worker was given. */
let given: string[];
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
  ({ nodeId, lease } = await createTestNode(ctx));
  given = [];
});
afterEach(() => db.close());

const request = async (_name: string, input: { secrets?: PreparationSecrets }) => {
  const names = Object.keys(input.secrets ?? {});
  given.push(...names);
  await db.prisma.preparationSecret.createMany({
    data: names.map((name) => ({ nodeId, name, keyId: "k", envelope: Buffer.from("sealed") })),
    skipDuplicates: true,
  });
  return {};
};
// Safe because the verbs under test ask for nothing else.
const link = { request } as unknown as WorkerLink;

async function prepare(
  settings: Partial<PreparationSettings> = {},
  secrets: PreparationSecrets = {},
): Promise<unknown> {
  // Only real nodes are prepared; the fixture makes a practice node.
  await db.prisma.node.update({ where: { id: nodeId }, data: { isPractice: false } });
  const input = { id: nodeId, settings: PreparationSettings.parse(settings), secrets };
  return prepareNode({ ctx, link, input });
}
const endJob = () =>
  db.prisma.nodePreparation.update({ where: { nodeId }, data: { status: "succeeded", endedAt: new Date() } });

describe("a preparation and what else wants the node", () => {
  it("keeps stages from starting, and says why", async () => {
    await createRun({ ctx, input: runInput(nodeId) });
    await prepare();
    expect((await scheduleNode({ ctx, lease })).created).toEqual([]);
    const stages = await db.prisma.stage.findMany({ where: { kind: "sft" } });
    expect(stages.map(({ reason }) => reason)).toEqual(["waits for dgx-04: the node is being prepared"]);
    await endJob();
    expect((await scheduleNode({ ctx, lease })).created).toHaveLength(2);
  });

  it("is refused while an attempt is about to start", async () => {
    await createRun({ ctx, input: runInput(nodeId) });
    expect((await scheduleNode({ ctx, lease })).created).toHaveLength(2);
    await expect(prepare()).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("waits for a plan that is being made", async () => {
    const planning = await db.pool.connect();
    await planning.query("BEGIN");
    await lockPlan(planning, nodeId);
    const asked = prepare();
    const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    await expect.poll(async () => (await db.pool.query(waiting)).rowCount).toBe(1);
    await planning.query("COMMIT");
    planning.release();
    await asked;
  });

  it("keeps the node from being removed", async () => {
    await prepare();
    const remove = () => deleteNode({ ctx, ports: { link } as never, input: { id: nodeId } });
    await expect(remove()).rejects.toThrow("is being prepared");
    await endJob();
    await remove();
    expect(await db.prisma.node.count()).toBe(0);
  });
});

it("works where the node was set to when it was asked for, and removes where it was made", async () => {
  const place = async () =>
    (await db.prisma.nodePreparation.findUniqueOrThrow({ where: { nodeId } })).workDirectory;
  const moveTo = (workDirectory: string) =>
    db.prisma.node.update({ where: { id: nodeId }, data: { settings: { workDirectory } } });
  await prepare();
  expect(await place()).toBe("~/.trainyard");
  await endJob();
  await moveTo("/data/a");
  const uninstall = () => uninstallPreparation({ ctx, input: { id: nodeId } });
  await expect(prepare()).rejects.toMatchObject({
    code: "CONFLICT",
    message: "An environment is in ~/.trainyard, and the node's work directory is /data/a since.",
  });
  await uninstall();
  expect(await place()).toBe("~/.trainyard");
  await endJob();
  await prepare();
  expect(await place()).toBe("/data/a");
  await db.prisma.nodePreparation.update({ where: { nodeId }, data: { preparedIn: "/data/a" } });
  await endJob();
  await moveTo("/data/b");
  await expect(prepare({}, { hubToken: "t" })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(given, "a refused request stores no secret").toEqual([]);
  await uninstall();
  expect(await place()).toBe("/data/a");
  await endJob();
  for (const what of ["after trying to remove the other", "again, to go on"]) {
    await prepare();
    expect(await place(), what).toBe("/data/b");
    await endJob();
  }
});

describe("secrets of a preparation", () => {
  const INDEX = { indexUrl: "https://mirror.example.org/simple", indexUsername: "u" };
  const PROXY = { proxyUrl: "http://proxy.example.org:3128", proxyUsername: "u" };
  const HUB = { hubUrl: "https://hub.example.org" };
  const SECRETS = { indexPassword: "a", proxyPassword: "b", hubToken: "c" };

  it("are not stored by a request that is refused", async () => {
    await prepare();
    await expect(prepare({}, { hubToken: "new" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(given).toEqual([]);
    await cancelPreparation({ ctx, input: { id: nodeId } });
  });

  it.each<[string, Partial<PreparationSettings>]>([
    ["indexPassword", { indexUrl: "https://else.example.org/simple" }],
    ["indexPassword", { indexUrl: "http://mirror.example.org/simple" }],
    ["proxyPassword", { proxyUrl: "http://proxy.example.org:3129" }],
    ["hubToken", { hubUrl: null }],
    ["hubToken", { hubUrl: "https://else.example.org" }],
  ])("the stored %s is not sent to %o", async (name, change) => {
    const settings = { ...INDEX, ...PROXY, ...HUB };
    await prepare(settings, SECRETS);
    await endJob();
    await expect(prepare({ ...settings, ...change })).rejects.toThrow(`secrets.${name}`);
    await prepare({ ...settings, ...change }, { [name]: "again" });
  });

  it("stay where only the path changes", async () => {
    const settings = { ...INDEX, ...PROXY, ...HUB };
    await prepare(settings, SECRETS);
    await endJob();
    await prepare({ ...settings, indexUrl: "https://mirror.example.org/other" });
  });
});
