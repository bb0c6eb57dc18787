import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CreateNodeInput,
  type HostKey,
  type NodeInventory,
  NodeSettings,
  type NodeView,
} from "../contracts/nodes";
import { HIDDEN_VALUE } from "../contracts/secrets";
import type { Database } from "../db";
import { AppError, isAppError } from "../errors";
import { createTestDatabase, testContext } from "../testing/database";
import { READY_NODE } from "../testing/readiness-facts";
import { checkReadiness, getReadiness } from "./ask-node";
import { createNode } from "./create-node";
import { deleteNode } from "./delete-node";
import { getNode } from "./get-node";
import { listNodes } from "./list-nodes";
import type { NodePorts } from "./ports";
import { getPracticeAddress } from "./practice-address";
import { updateNode } from "./update-node";

const PASSWORD = "hunter2-canary";
const KEY: HostKey = {
  algorithm: "ssh-ed25519",
  fingerprint: `SHA256:${"A".repeat(43)}`,
  blob: "a2V5LW9uZQ==",
};
const OTHER_KEY: HostKey = { ...KEY, fingerprint: `SHA256:${"B".repeat(43)}`, blob: "a2V5LXR3bw==" };
const INVENTORY: NodeInventory = {
  hostname: "gpu-box",
  os: null,
  kernel: null,
  architecture: null,
  loginShell: null,
  homeDirectory: "/home/u",
  cpuModel: null,
  cpuCount: 8,
  memoryTotalMiB: 1024,
  diskTotalGiB: null,
  diskFreeGiB: null,
  driverVersion: null,
  cudaVersion: null,
  gpus: [
    {
      uuid: "GPU-1",
      index: 0,
      name: "A30",
      memoryTotalMiB: 24576,
      parentUuid: null,
      migProfile: null,
      migIndex: null,
    },
  ],
  python: null,
  torch: null,
  deepspeed: null,
  transformers: null,
  examplesDirectory: null,
  examplesCommit: null,
  hasSetsid: true,
  commandLatencyMs: 1,
};
const INPUT: CreateNodeInput = {
  name: "gpu-box",
  host: "10.0.0.4",
  port: 22,
  username: "u",
  credential: { method: "password", password: PASSWORD },
};

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterEach(() => db.close());

/** A worker that answers as the real one does for a host with KEY; keeps what it was asked. */
function worker(overrides: Record<string, () => unknown> = {}) {
  const asked: { name: string; input: unknown }[] = [];
  const answers: Record<string, () => unknown> = {
    "nodes.fetchHostKey": () => KEY,
    "nodes.testConnection": () => ({ latencyMs: 1, inventory: INVENTORY }),
    "nodes.storeCredential": () => ({}),
    "nodes.deleteCredential": () => ({}),
    ...overrides,
  };
  const link = {
    request: async (name: string, input: unknown) => {
      asked.push({ name, input });
      return answers[name]?.();
    },
  } as NodePorts["link"];
  const ports: NodePorts = { link, practice: async () => null };
  return { ports, asked, names: () => asked.map((one) => one.name) };
}

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isAppError(error)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

async function added(ports = worker().ports, input: Partial<CreateNodeInput> = {}): Promise<NodeView> {
  return createNode({ ctx, ports, input: { ...INPUT, hostKey: KEY, ...input } });
}

async function runOn(nodeId: string, status: string, name = "r"): Promise<string> {
  const data = {
    name,
    recipe: "deepspeed-chat",
    parameters: {},
    nodeId,
    status,
    createdBy: "t",
    idempotencyKey: name,
  };
  return (await db.prisma.run.create({ data })).id;
}

describe("adding a node", () => {
  it("asks a person to compare the key before anything secret is sent", async () => {
    const { ports, asked } = worker();
    const error = await refusal(createNode({ ctx, ports, input: INPUT }));
    expect(error).toMatchObject({ code: "HOST_KEY_UNKNOWN", details: { hostKey: KEY } });
    expect(asked).toEqual([{ name: "nodes.fetchHostKey", input: { host: "10.0.0.4", port: 22 } }]);
    expect(await db.prisma.node.count()).toBe(0);
  });

  it("logs in with the confirmed key, then stores row, GPUs and credential, and says so", async () => {
    const { ports, names } = worker();
    const node = await added(ports);
    expect(names()).toEqual(["nodes.testConnection", "nodes.storeCredential"]);
    expect(node).toMatchObject({
      name: "gpu-box",
      hostKeyFingerprint: KEY.fingerprint,
      inventory: { hostname: "gpu-box" },
    });
    expect(node.gpus).toMatchObject([{ uuid: "GPU-1", claimedBy: null }]);
    expect(ctx.published).toEqual([{ kind: "node", nodeId: node.id }]);
    expect(await db.prisma.auditEvent.findMany()).toMatchObject([
      { action: "node.create", object: `node ${node.id}` },
    ]);
  });

  it("keeps no row when the password is wrong or the credential could not be stored", async () => {
    const wrong = worker({
      "nodes.testConnection": () => {
        throw new AppError("SSH_AUTH_REJECTED", "no");
      },
    });
    expect((await refusal(added(wrong.ports))).code).toBe("SSH_AUTH_REJECTED");
    const broken = worker({
      "nodes.storeCredential": () => {
        throw new AppError("TIMEOUT", "late");
      },
    });
    expect((await refusal(added(broken.ports))).code).toBe("TIMEOUT");
    expect(await db.prisma.node.count()).toBe(0);
  });

  it("takes each name and each address once", async () => {
    await added();
    const sameName = await refusal(added(undefined, { host: "10.0.0.5" }));
    expect(sameName.details?.fields?.[0]?.path).toBe("name");
    const sameAddress = await refusal(added(undefined, { name: "twin" }));
    expect(sameAddress.details?.fields?.[0]?.path).toBe("host");
  });

  it("leaves no secret in any view, row or audit entry", async () => {
    const node = await added(undefined, {
      credential: {
        method: "private_key",
        privateKey: `-----BEGIN PRIVATE KEY-----\n${PASSWORD}`,
        passphrase: PASSWORD,
      },
    });
    const everything = JSON.stringify([
      node,
      await listNodes({ ctx, input: { limit: 50 } }),
      await getNode({ ctx, input: { id: node.id } }),
      await db.prisma.node.findMany(),
      await db.prisma.auditEvent.findMany().then((rows) => rows.map(({ detail }) => detail)),
    ]);
    expect(everything).not.toContain(PASSWORD);
    expect(node.authMethod).toBe("private_key");
  });

  it("recognises the practice node by its key and prepares it for its own evaluation program", async () => {
    const server = { host: "127.0.0.1", port: 2222, username: "practice", password: PASSWORD, hostKey: KEY };
    const ports: NodePorts = { ...worker().ports, practice: async () => server };
    expect((await getPracticeAddress({ ctx, ports })).isAdded).toBe(false);
    // As the form sends it: every setting, none filled in.
    const node = await added(ports, { settings: { evaluationProgram: null, virtualEnvironment: null } });
    expect(node).toMatchObject({ isPractice: true, settings: { evaluationProgram: "trainyard-evaluate" } });
    expect((await getPracticeAddress({ ctx, ports })).isAdded).toBe(true);
  });
});

describe("changing a node", () => {
  it("renames without touching the connection", async () => {
    const node = await added();
    const { ports, asked } = worker();
    const renamed = await updateNode({ ctx, ports, input: { id: node.id, name: "box" } });
    expect(renamed.name).toBe("box");
    expect(asked).toEqual([]);
    expect(await versionOf(node.id)).toBe(1);
  });

  it("never lets the stored credential travel to another address", async () => {
    const node = await added();
    const { ports, asked } = worker();
    const error = await refusal(
      updateNode({ ctx, ports, input: { id: node.id, host: "10.9.9.9", hostKey: OTHER_KEY } }),
    );
    expect(error.details?.fields?.[0]?.path).toBe("credential");
    expect(asked).toEqual([]);
  });

  it("asks for the key of a new address, and drops the old credential before the address changes", async () => {
    const node = await added();
    const credential = { method: "password", password: "new" } as const;
    const { ports, names } = worker({ "nodes.fetchHostKey": () => OTHER_KEY });
    const move = { id: node.id, host: "10.9.9.9", credential };
    expect((await refusal(updateNode({ ctx, ports, input: move }))).details?.hostKey).toEqual(OTHER_KEY);
    const moved = await updateNode({ ctx, ports, input: { ...move, hostKey: OTHER_KEY } });
    expect(names()).toEqual([
      "nodes.fetchHostKey",
      "nodes.testConnection",
      "nodes.deleteCredential",
      "nodes.storeCredential",
    ]);
    expect(moved).toMatchObject({ host: "10.9.9.9", hostKeyFingerprint: OTHER_KEY.fingerprint });
    expect(await versionOf(node.id)).toBe(2);
  });

  it("reconnects after a new user, credential or host key", async () => {
    const node = await added();
    const { ports } = worker();
    await updateNode({ ctx, ports, input: { id: node.id, username: "root" } });
    await updateNode({
      ctx,
      ports,
      input: { id: node.id, credential: { method: "password", password: "x" } },
    });
    await updateNode({ ctx, ports, input: { id: node.id, hostKey: OTHER_KEY } });
    expect(await versionOf(node.id)).toBe(4);
  });

  async function versionOf(id: string): Promise<number> {
    return (await db.prisma.node.findUniqueOrThrow({ where: { id } })).connectionVersion;
  }
});

describe("a node's secret variables", () => {
  const settings = (env: Record<string, string>) => ({ settings: { env } });
  const storedEnv = async (id: string) =>
    NodeSettings.parse((await db.prisma.node.findUniqueOrThrow({ where: { id } })).settings).env;

  it("come back hidden, and stay as they are when they are sent back hidden", async () => {
    const node = await added(undefined, settings({ HF_TOKEN: PASSWORD, HF_HOME: "/data" }));
    expect(node.settings.env).toEqual({ HF_TOKEN: HIDDEN_VALUE, HF_HOME: "/data" });
    const change = { id: node.id, ...settings({ ...node.settings.env, HF_HOME: "/other" }) };
    await updateNode({ ctx, ports: worker().ports, input: change });
    expect(await storedEnv(node.id)).toEqual({ HF_TOKEN: PASSWORD, HF_HOME: "/other" });
    const audit = await db.prisma.auditEvent.findMany();
    expect(JSON.stringify(audit.map(({ detail }) => detail))).not.toContain(PASSWORD);
  });

  it("have to be entered where none is stored, before anything is changed", async () => {
    const { ports, asked } = worker();
    const fresh = await refusal(added(ports, settings({ HF_TOKEN: HIDDEN_VALUE })));
    expect(fresh.details?.fields?.[0]?.path).toBe("settings.env.HF_TOKEN");
    const node = await added();
    const credential = { method: "password", password: "new" } as const;
    const input = { id: node.id, host: "10.9.9.9", hostKey: OTHER_KEY, credential };
    await refusal(updateNode({ ctx, ports, input: { ...input, ...settings({ HF_TOKEN: HIDDEN_VALUE }) } }));
    expect(asked).toEqual([]);
  });
});

describe("removing a node", () => {
  it("is refused while runs go on, and names them", async () => {
    const node = await added();
    await runOn(node.id, "running", "opt-1.3b");
    const { ports, asked } = worker();
    const error = await refusal(deleteNode({ ctx, ports, input: { id: node.id } }));
    expect(error).toMatchObject({ code: "CONFLICT" });
    expect(error.message).toContain("opt-1.3b");
    expect(asked).toEqual([]);
  });

  it("takes row and credential away where nothing ran", async () => {
    const node = await added();
    const { ports, names } = worker();
    await deleteNode({ ctx, ports, input: { id: node.id } });
    expect(names()).toEqual(["nodes.deleteCredential"]);
    expect(await db.prisma.node.count()).toBe(0);
  });

  it("does not wait for a worker that is away", async () => {
    const node = await added();
    const away = () => {
      throw new AppError("PRECONDITION", "The worker is away.");
    };
    await deleteNode({
      ctx,
      ports: worker({ "nodes.deleteCredential": away }).ports,
      input: { id: node.id },
    });
    expect(await db.prisma.node.count()).toBe(0);
  });

  it("keeps ended runs readable, hides the node and frees its name", async () => {
    const node = await added();
    const runId = await runOn(node.id, "succeeded");
    await deleteNode({ ctx, ports: worker().ports, input: { id: node.id } });
    expect((await listNodes({ ctx, input: { limit: 50 } })).items).toEqual([]);
    expect((await refusal(getNode({ ctx, input: { id: node.id } }))).code).toBe("NOT_FOUND");
    expect(await db.prisma.run.count({ where: { id: runId, nodeId: node.id } })).toBe(1);
    expect((await added()).name).toBe("gpu-box");
  });
});

it("lists nodes by name, a page at a time", async () => {
  for (const name of ["c", "a", "b"]) await added(undefined, { name, host: `${name}.example` });
  const first = await listNodes({ ctx, input: { limit: 2 } });
  expect(first.items.map((node) => node.name)).toEqual(["a", "b"]);
  const second = await listNodes({ ctx, input: { limit: 2, cursor: first.nextCursor ?? undefined } });
  expect(second.items.map((node) => node.name)).toEqual(["c"]);
  expect(second.nextCursor).toBeNull();
});

describe("readiness", () => {
  it("is empty before the first check, then counted in lists and told line by line", async () => {
    const node = await createNode({ ctx, ports: worker().ports, input: { ...INPUT, hostKey: KEY } });
    expect(node.readiness).toBeNull();
    expect(await getReadiness({ ctx, input: node })).toEqual({ checkedAt: null, lines: [] });
    const checkedAt = new Date("2026-01-02T03:04:05.000Z");
    const facts = {
      ...READY_NODE,
      setsidPath: "",
      datasets: { version: "2.1.0", error: null, isTimedOut: false },
    };
    await db.prisma.nodeReadiness.create({ data: { nodeId: node.id, facts, checkedAt } });
    const { items } = await listNodes({ ctx, input: { limit: 10 } });
    expect(items[0]?.readiness).toEqual({ checkedAt: checkedAt.toISOString(), errors: 2, warnings: 0 });
    const { lines } = await getReadiness({ ctx, input: node });
    expect(lines.filter(({ state }) => state === "error").map(({ id }) => id)).toEqual([
      "setsid",
      "datasets",
    ]);
  });

  it("asks the worker to check, and takes facts of an older version for none", async () => {
    const { ports, asked } = worker({ "nodes.checkReadiness": () => ({}) });
    const node = await createNode({ ctx, ports, input: { ...INPUT, hostKey: KEY } });
    await db.prisma.nodeReadiness.create({
      data: { nodeId: node.id, facts: { isPractice: false }, checkedAt: new Date() },
    });
    expect(await checkReadiness({ ctx, ports, input: node })).toEqual({ checkedAt: null, lines: [] });
    expect(asked.at(-1)).toEqual({ name: "nodes.checkReadiness", input: { nodeId: node.id } });
    expect((await getNode({ ctx, input: node })).readiness).toBeNull();
  });
});
