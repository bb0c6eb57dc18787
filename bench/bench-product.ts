import { randomUUID } from "node:crypto";
import type { Browser, BrowserContext } from "@playwright/test";
import { z } from "zod";
import { startProduct } from "../e2e/fixtures/start-product";
import { type ApiClient, apiClient } from "../server/cli/demo/api-client";
import { NodeView } from "../server/contracts/nodes";
import { Preset } from "../server/contracts/recipes";
import { RunView } from "../server/contracts/runs";
import { waitUntil } from "../server/testing/processes";
import { launchBrowser } from "./bench-browser";
import { type BenchNode, GPU_COUNT, startBenchNode } from "./bench-node";

/** The built product as `npm start` runs it, an admin's browser, and the API with a token. */
export interface BenchProduct {
  origin: string;
  api: ApiClient;
  /** Signed in. */
  context: BrowserContext;
  addNode: (node: BenchNode) => Promise<NodeView>;
  /** Queues a run of the first preset that such a node knows. */
  startRun: (nodeId: string) => Promise<RunView>;
  stop: () => Promise<void>;
}

/** What the rows that need a product and a node of its own measure on. */
export interface BenchYard {
  node: BenchNode;
  product: BenchProduct;
  nodeId: string;
}

const TokenReply = z.object({ token: z.string() });
const Presets = z.object({ items: z.array(Preset) });

/** A product with one node, for as long as `measure` runs. */
export async function withBenchYard<T>(
  { readingMs }: { readingMs: number },
  measure: (yard: BenchYard) => Promise<T>,
): Promise<T> {
  const node = await startBenchNode({ readingMs });
  try {
    const product = await openBenchProduct({ hasPractice: false });
    try {
      const { id } = await product.addNode(node);
      return await measure({ node, product, nodeId: id });
    } finally {
      await product.stop();
    }
  } finally {
    await node.stop();
  }
}

export async function openBenchProduct({ hasPractice }: { hasPractice: boolean }): Promise<BenchProduct> {
  Object.assign(process.env, { TRAINYARD_PRACTICE: hasPractice ? "on" : "off", LOG_LEVEL: "warn" });
  const product = await startProduct();
  const browser = await launchBrowser();
  const { origin } = product;
  const stop = async () => {
    await browser.close();
    await product.stop();
  };
  try {
    const { context, api } = await signIn(browser, origin, product.admin);
    return {
      origin,
      api,
      context,
      addNode: (node) => addNode(api, node),
      startRun: async (nodeId) => api.post("/runs", await runInput(api, nodeId), RunView),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function signIn(
  browser: Browser,
  origin: string,
  admin: { email: string; password: string },
): Promise<{ context: BrowserContext; api: ApiClient }> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 } });
  const post = async (path: string, data: Record<string, unknown>) => {
    const reply = await context.request.post(path, { data, headers: { origin } });
    if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`);
    return reply;
  };
  await post("/api/auth/sign-in/email", admin);
  const currentPassword = admin.password;
  await post("/api/auth/change-password", { currentPassword, newPassword: `${currentPassword}-bench` });
  const token = TokenReply.parse(await (await post("/api/v1/tokens", { name: "bench" })).json());
  return { context, api: apiClient(origin, token.token) };
}

async function addNode(api: ApiClient, node: BenchNode): Promise<NodeView> {
  const { sshd, virtualEnvironment } = node;
  const { host, port, username, privateKey } = sshd;
  const created = await api.post(
    "/nodes",
    {
      name: "bench",
      host,
      port,
      username,
      credential: { method: "private_key", privateKey },
      hostKey: sshd.hostKey(),
      settings: { virtualEnvironment },
    },
    NodeView,
  );
  let shown = created;
  await waitUntil(
    async () => {
      shown = await api.get(`/nodes/${created.id}`, NodeView);
      return shown.status === "online" && shown.gpus.length === GPU_COUNT;
    },
    "the node to be online with its GPUs",
    60_000,
  );
  return shown;
}

async function runInput(api: ApiClient, nodeId: string): Promise<Record<string, unknown>> {
  const { items } = await api.get("/recipes/deepspeed-chat/presets", Presets);
  const preset = items.find((one) => !one.isPractice);
  if (preset === undefined) throw new Error("no preset");
  return {
    name: "bench",
    nodeId,
    parameters: { presetId: preset.id, stages: preset.stages, evaluation: { isEnabled: false } },
    idempotencyKey: randomUUID(),
  };
}
