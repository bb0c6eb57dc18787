import { readFileSync } from "node:fs";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import type { Database } from "../../../server/db";
import { waitUntil } from "../../../server/testing/processes";
import { insertRun } from "../../../server/testing/test-training";
import { sayEnough } from "./chatter";
import { sha256 } from "./compare";
import type { StartedRun } from "./live-node";
import type { ProductYard } from "./product-yard";

/** A run of the product's own, once more than `leastBytes` of its log are in the database. */
export async function startProductRun(
  yard: ProductYard,
  { program, leastBytes }: { program: string; leastBytes: number },
): Promise<StartedRun> {
  return yard.withDatabase(async (db) => {
    const { runId } = await insertRun(db, yard.nodeId, { program });
    await waitUntil(async () => (await storedOf(db)) > leastBytes, "the beginning of the log", 90_000);
    const { id, directory, outputDirectory } = await db.prisma.attempt.findFirstOrThrow();
    return { runId, attemptId: id, directory: directory ?? "", output: outputDirectory ?? "" };
  });
}

/** Of the only run's log. */
export const storedBytes = (yard: ProductYard) => yard.withDatabase(storedOf);

async function storedOf({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>(
    `SELECT "offset"::float8 AS bytes FROM node_file WHERE path = 'training.log'`,
  );
  return rows[0]?.bytes ?? 0;
}

export const authorization = ({ token }: ProductYard) => ({ authorization: `Bearer ${token}` });

export const logAddress = ({ origin }: ProductYard, { attemptId }: StartedRun) =>
  `${origin}/api/v1/attempts/${attemptId}/log?download=1`;

/** A page that looks at the run; it joins again with every connection. */
export function view(yard: ProductYard, { runId }: StartedRun): Socket {
  const socket = io(yard.origin, {
    path: "/socket.io/",
    transports: ["websocket"],
    forceNew: true,
    extraHeaders: authorization(yard),
  });
  socket.on("connect", () => socket.emit("join", `run:${runId}`, () => {}));
  return socket;
}

/** Lets the training end with success, and waits until that is told. */
export async function endWell(yard: ProductYard, run: StartedRun): Promise<void> {
  sayEnough(run);
  const hasEnded = () =>
    yard.withDatabase(
      async (db) =>
        (await db.prisma.attempt.count({ where: { id: run.attemptId, endedAt: { not: null } } })) === 1,
    );
  await waitUntil(hasEnded, "the end of the run", 60_000);
}

/** What is not as it should be: one attempt that succeeded, with its whole log. */
export async function judgeRun(yard: ProductYard, run: StartedRun): Promise<string[]> {
  const attempts = await yard.withDatabase((db) => db.prisma.attempt.findMany());
  const statuses = attempts.map(({ status }) => status).join(", ");
  const reply = await fetch(logAddress(yard, run), { headers: authorization(yard) });
  const stored = Buffer.from(await reply.arrayBuffer());
  const isWhole = sha256(stored) === sha256(readFileSync(join(run.directory, "training.log")));
  return [
    ...(statuses === "succeeded" ? [] : [`the run: ${statuses}`]),
    ...(isWhole ? [] : ["its log is another"]),
  ];
}
