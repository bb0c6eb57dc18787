import { Agent } from "node:http";
import { createConnection, Socket } from "node:net";
import { dirname } from "node:path";
import { connect as connectTls } from "node:tls";
import { type Socket as IoSocket, io } from "socket.io-client";
import { z } from "zod";
import { ErrorBody } from "../contracts/errors";
import {
  LINK_REQUESTS,
  type LinkInput,
  type LinkOutput,
  type LinkReply,
  type LinkRequestName,
  type WebToWorkerEvents,
  type WorkerLink,
  type WorkerToWebEvents,
} from "../contracts/link";
import { ChangeBatch, FileHint } from "../contracts/sockets";
import { TelemetryTick } from "../contracts/telemetry";
import { AppError } from "../errors";
import { assertOwnDirectory } from "../link-directory";
import { clientLinkTls } from "../link-tls";
import type { Logger } from "../log";
import type { WorkerPlace } from "../nodes";

/** An SSH login may take 15 s, and the inventory after it as long again. */
const NODE_DEADLINE_MS = 45_000;
const DEFAULT_DEADLINE_MS = 15_000;
const REFUSED_RETRY_MS = 2_000;

const Reply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorBody.shape.error.omit({ requestId: true }) }),
]);

export interface LinkEvents {
  onTicks: (ticks: TelemetryTick[]) => void;
  onChanged: (batch: ChangeBatch) => void;
  onFiles: (hints: FileHint[]) => void;
  onState: (isConnected: boolean) => void;
}

export interface LinkClient extends WorkerLink {
  isConnected: () => boolean;
  close: () => void;
}

type LinkSocket = IoSocket<WorkerToWebEvents, WebToWorkerEvents>;

/** The web process's end of the internal link to one worker: finds it again by itself, until it is closed. */
export function createLinkClient(options: {
  place: WorkerPlace;
  secret: string;
  log: Logger;
  events: LinkEvents;
}): LinkClient {
  const { place, secret, log, events } = options;
  const agent = new Agent();
  agent.createConnection = () => dial(place, secret);
  const socket: LinkSocket = io("http://worker.local", {
    path: "/link",
    transports: ["websocket"],
    // The type asks for a string since browsers know no agents; in Node the object goes to http.request.
    agent: agent as unknown as string,
    auth: { secret },
    reconnectionDelay: 200,
    reconnectionDelayMax: 2_000,
  });
  let retry: NodeJS.Timeout | null = null;
  socket.on("connect", () => events.onState(true));
  socket.on("disconnect", (reason) => {
    log.info({ reason }, "link to the worker is down");
    events.onState(false);
    if (reason === "io server disconnect") socket.connect();
  });
  socket.on("connect_error", (error) => {
    log.debug({ reason: error.message }, "worker does not answer yet");
    // A refusal by the worker itself ends the client's own attempts.
    if (!socket.active) retry = setTimeout(() => socket.connect(), REFUSED_RETRY_MS);
  });
  listen(socket, events, log);
  return {
    isConnected: () => socket.connected,
    request: (name, input, limits) =>
      request(socket, { name, input, deadlineMs: limits?.deadlineMs ?? deadlineOf(name) }),
    close: () => {
      if (retry !== null) clearTimeout(retry);
      socket.disconnect();
    },
  };
}

function dial(place: WorkerPlace, secret: string): Socket {
  try {
    if ("socketPath" in place) {
      assertOwnDirectory(dirname(place.socketPath));
      return createConnection({ path: place.socketPath });
    }
    const { hostname, port } = new URL(`tcp://${place.address}`);
    const host = hostname.replace(/^\[|\]$/g, "");
    return connectTls({ ...clientLinkTls(secret), host, port: Number(port) });
  } catch (error) {
    // No worker has been here yet, or somebody who must not get the secret has.
    return new Socket().destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** What the worker tells by itself. One event that we cannot read costs only itself. */
function listen(socket: LinkSocket, events: LinkEvents, log: Logger): void {
  socket.on("telemetry", (batch) => {
    const ticks = readAll(TelemetryTick, batch?.ticks, log);
    if (ticks.length > 0) events.onTicks(ticks);
  });
  socket.on("files", (batch) => {
    const hints = readAll(FileHint, batch?.hints, log);
    if (hints.length > 0) events.onFiles(hints);
  });
  socket.on("changed", (batch) => {
    const parsed = ChangeBatch.safeParse(batch);
    if (parsed.success) events.onChanged(parsed.data);
    else log.warn({ problem: parsed.error.message }, "unreadable change from the worker");
  });
}

function readAll<S extends z.ZodType>(schema: S, values: unknown, log: Logger): z.output<S>[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return [parsed.data];
    log.warn({ problem: parsed.error.message }, "unreadable event from the worker");
    return [];
  });
}

function deadlineOf(name: LinkRequestName): number {
  return name.startsWith("nodes.") ? NODE_DEADLINE_MS : DEFAULT_DEADLINE_MS;
}

async function request<N extends LinkRequestName>(
  socket: LinkSocket,
  asked: { name: N; input: LinkInput<N>; deadlineMs: number },
): Promise<LinkOutput<N>> {
  if (!socket.connected) throw workerAway();
  const answer = await answerOf(socket, asked);
  const reply = Reply.parse(answer);
  if (!reply.ok) {
    const { code, message, hint, details } = reply.error;
    throw new AppError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
    });
  }
  // Safe because it is parsed with the output schema that LINK_REQUESTS has under this very name.
  return LINK_REQUESTS[asked.name].output.parse(reply.data) as LinkOutput<N>;
}

function answerOf(
  socket: LinkSocket,
  asked: { name: LinkRequestName; input: unknown; deadlineMs: number },
): Promise<LinkReply<unknown>> {
  return new Promise((resolve, reject) => {
    const onDisconnect = () => finish(() => reject(workerAway()));
    const timer = setTimeout(() => finish(() => reject(tooLate(asked))), asked.deadlineMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.off("disconnect", onDisconnect);
      settle();
    };
    socket.once("disconnect", onDisconnect);
    socket.emit("request", asked.name, asked.input, (reply) => finish(() => resolve(reply)));
  });
}

export function workerAway(): AppError {
  return new AppError(
    "PRECONDITION",
    "The worker process is not running, so nodes cannot be reached just now.",
    {
      hint: "Training goes on. The worker is started again by itself; try in a few seconds.",
    },
  );
}

function tooLate({ name, deadlineMs }: { name: string; deadlineMs: number }): AppError {
  return new AppError("TIMEOUT", `The worker did not answer within ${deadlineMs / 1000} s (${name}).`);
}
