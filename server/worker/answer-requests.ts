import { z } from "zod";
import {
  LINK_REQUESTS,
  type LinkInput,
  type LinkOutput,
  type LinkReply,
  type LinkRequestName,
} from "../contracts/link";
import { NodeSettings, type TestConnectionResult } from "../contracts/nodes";
import { Id } from "../contracts/primitives";
import type { TelemetryTick } from "../contracts/telemetry";
import { AppError, isAppError, publicError, validationError } from "../errors";
import { attemptPlace, listAttemptFiles, readAttemptFile } from "./attempt-files";
import type { LeaseKeeper } from "./lease-keeper";
import type { NodeSession } from "./node-session";
import { findNode, type NodeRecord, takeInventory } from "./nodes";
import { openNode } from "./open-node";
import {
  connectNode,
  fetchHostKey,
  type LiveConnection,
  type NodeConnection,
  toSecret,
  wipeCredential,
} from "./ssh";
import type { WatchList } from "./watch-list";
import type { WorkerParts } from "./worker-parts";

type ParsedInput<N extends LinkRequestName> = z.output<(typeof LINK_REQUESTS)[N]["input"]>;
type Handlers = {
  [N in LinkRequestName]: (input: ParsedInput<N>, clientId: string) => Promise<LinkOutput<N>>;
};

const RequestIds = z.object({ nodeId: Id.optional(), attemptId: Id.optional() });

/** Everything that a web process can ask of this worker. */
export class RequestAnswerer {
  private readonly parts: WorkerParts;
  private readonly keeper: LeaseKeeper;
  private readonly watchList: WatchList;
  private readonly handlers: Handlers;

  constructor(options: { parts: WorkerParts; keeper: LeaseKeeper; watchList: WatchList }) {
    this.parts = options.parts;
    this.keeper = options.keeper;
    this.watchList = options.watchList;
    this.handlers = {
      "nodes.fetchHostKey": (input) => fetchHostKey(input),
      "nodes.testConnection": (input) => this.testConnection(input),
      "nodes.storeCredential": (input) => this.storeCredential(input),
      "nodes.storePreparationSecrets": (input) => this.storePreparationSecrets(input),
      "nodes.deleteCredential": (input) => this.deleteCredential(input.nodeId),
      "nodes.test": (input) => this.testNode(input.nodeId),
      "nodes.refreshInventory": (input) => this.refreshInventory(input.nodeId),
      "nodes.checkReadiness": (input) => this.checkReadiness(input.nodeId),
      "nodes.checkRun": (input) => this.checkRun(input),
      "nodes.previewData": ({ nodeId, ...asked }) => this.session(nodeId).previewData(asked),
      "files.list": (input) =>
        this.withFiles(input.attemptId, (c, place) => listAttemptFiles(c, place, input)),
      "files.read": (input) =>
        this.withFiles(input.attemptId, (c, place) => readAttemptFile(c, place, input)),
      watch: (input, clientId) => this.watch(input.rooms, clientId),
      wake: (input) => this.wake(input.nodeIds),
      metrics: async () => ({ texts: [await this.parts.metrics.read()] }),
      ping: async () => ({ pid: process.pid, owner: this.parts.owner, nodeIds: this.keeper.nodeIds }),
    };
  }

  /** Parses, does, and answers; never throws. What is not an AppError is logged here and leaves as INTERNAL. */
  async answer(name: unknown, input: unknown, clientId: string): Promise<LinkReply<unknown>> {
    try {
      if (!isRequestName(name)) throw new AppError("NOT_FOUND", "The worker knows no such request.");
      return { ok: true, data: await this.handle(name, input, clientId) };
    } catch (error) {
      if (!isAppError(error) || error.code === "INTERNAL")
        this.parts.ctx.log.error({ err: error, name, ...idsOf(input) }, "request failed");
      return { ok: false, error: publicError(error) };
    }
  }

  /** A web process went away. */
  async forget(clientId: string): Promise<void> {
    await this.watch([], clientId);
  }

  private handle<N extends LinkRequestName>(
    name: N,
    input: unknown,
    clientId: string,
  ): Promise<LinkOutput<N>> {
    const parsed = LINK_REQUESTS[name].input.safeParse(input satisfies unknown as LinkInput<N>);
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
      return Promise.reject(validationError(fields));
    }
    // Safe because it was parsed by the schema that stands under this name.
    return this.handlers[name](parsed.data as ParsedInput<N>, clientId);
  }

  private async testConnection(input: ParsedInput<"nodes.testConnection">): Promise<TestConnectionResult> {
    const credential = toSecret(input.credential);
    try {
      const connection = await connectNode({ ...input, nodeId: "test", credential });
      return await inspectAndClose(connection, NodeSettings.parse({}));
    } finally {
      wipeCredential(credential);
    }
  }

  private async storeCredential(input: ParsedInput<"nodes.storeCredential">): Promise<Record<string, never>> {
    const credential = toSecret(input.credential);
    try {
      await this.parts.vault.store(input.nodeId, credential);
    } finally {
      wipeCredential(credential);
    }
    await this.reconnect(input.nodeId);
    return {};
  }

  private async storePreparationSecrets(
    input: ParsedInput<"nodes.storePreparationSecrets">,
  ): Promise<Record<string, never>> {
    await this.parts.vault.preparation.store(input.nodeId, input.secrets);
    return {};
  }

  private async deleteCredential(nodeId: string): Promise<Record<string, never>> {
    await this.parts.vault.delete(nodeId);
    await this.reconnect(nodeId);
    return {};
  }

  /** Whichever worker holds the node sees the new version; this one looks at once. */
  private async reconnect(nodeId: string): Promise<void> {
    await this.parts.ctx.db.pool.query(
      `UPDATE node SET "connectionVersion" = "connectionVersion" + 1 WHERE id = $1`,
      [nodeId],
    );
    await this.keeper.look();
  }

  private async testNode(nodeId: string): Promise<TestConnectionResult> {
    const node = await this.node(nodeId);
    const connection = await openNode(this.parts, node);
    const result = await inspectAndClose(connection, node.settings);
    const runtime = this.keeper.find(nodeId);
    if (runtime?.liveSession) await runtime.liveSession.refreshInventory();
    else runtime?.retry();
    return result;
  }

  private async refreshInventory(nodeId: string): Promise<LinkOutput<"nodes.refreshInventory">> {
    const session = this.keeper.find(nodeId)?.liveSession;
    if (session) await session.refreshInventory();
    else await this.testNode(nodeId);
    const { inventory } = await this.node(nodeId);
    if (inventory === null)
      throw new AppError("PRECONDITION", "The node has not been looked at yet. Try again.");
    return inventory;
  }

  private async checkReadiness(nodeId: string): Promise<Record<string, never>> {
    await this.session(nodeId).checkReadiness();
    return {};
  }

  private async checkRun({
    nodeId,
    questions,
    maxAgeSeconds,
  }: ParsedInput<"nodes.checkRun">): Promise<LinkOutput<"nodes.checkRun">> {
    const session = this.session(nodeId);
    const looks = await Promise.all(questions.map((question) => session.checkRun(question, maxAgeSeconds)));
    const oldest = Math.min(...looks.map(({ at }) => at));
    return { at: new Date(oldest).toISOString(), answers: looks.map(({ answer }) => answer) };
  }

  /** @throws AppError NODE_UNREACHABLE */
  private session(nodeId: string): NodeSession {
    const session = this.keeper.find(nodeId)?.liveSession;
    if (session) return session;
    throw new AppError("NODE_UNREACHABLE", "The node is not connected, so it cannot be checked now.", {
      hint: "Test the connection; the node is checked by itself once it is back.",
    });
  }

  private async withFiles<T>(
    attemptId: string,
    work: (connection: NodeConnection, place: Awaited<ReturnType<typeof attemptPlace>>) => Promise<T>,
  ): Promise<T> {
    const place = await attemptPlace(this.parts.ctx.db, attemptId);
    const session = this.keeper.find(place.nodeId)?.liveSession;
    if (!session) {
      throw new AppError(
        "NODE_UNREACHABLE",
        "The node is not connected, so its files cannot be listed now.",
        {
          hint: "Logs and scalars that have arrived are kept and shown.",
        },
      );
    }
    return work(session.connection, place);
  }

  private async watch(rooms: string[], clientId: string): Promise<{ ticks: TelemetryTick[] }> {
    this.watchList.set(clientId, rooms);
    this.keeper.watch(await this.watchList.watchedNodes());
    const nodeIds = rooms.includes("yard") ? this.keeper.nodeIds : await this.watchList.nodesOf(rooms);
    return { ticks: [...nodeIds].flatMap((nodeId) => this.keeper.find(nodeId)?.newestTick ?? []) };
  }

  private async wake(nodeIds: string[]): Promise<Record<string, never>> {
    const runtimes = nodeIds.map((nodeId) => this.keeper.find(nodeId));
    for (const runtime of runtimes) runtime?.wake();
    // Edits and removals are told the same way, and a new node has no runtime yet.
    await this.keeper.look();
    return {};
  }

  private async node(nodeId: string): Promise<NodeRecord> {
    const node = await findNode(this.parts.ctx.db.pool, nodeId);
    if (node === null) throw new AppError("NOT_FOUND", "There is no such node.");
    return node;
  }
}

/** Which node or attempt a request that failed was about. */
function idsOf(input: unknown): { nodeId?: string; attemptId?: string } {
  const parsed = RequestIds.safeParse(input);
  return parsed.success ? parsed.data : {};
}

function isRequestName(name: unknown): name is LinkRequestName {
  return typeof name === "string" && Object.hasOwn(LINK_REQUESTS, name);
}

async function inspectAndClose(
  connection: LiveConnection,
  settings: NodeSettings,
): Promise<TestConnectionResult> {
  try {
    const inventory = await takeInventory(connection, settings);
    return { latencyMs: inventory.commandLatencyMs ?? 0, inventory };
  } finally {
    connection.close();
  }
}
