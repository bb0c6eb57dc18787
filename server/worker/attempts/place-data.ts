import { join } from "node:path/posix";
import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../../context";
import { DATA_PARTS } from "../../contracts/data-facts";
import type { LocalData } from "../../contracts/recipes";
import { findUploaded, partSize, readPart } from "../../datasets";
import { AppError } from "../../errors";
import placeDataScript from "../scripts/place-data.sh";
import { expectSuccess, type NodeConnection } from "../ssh";
import type { AttemptMemory } from "./attempt-memory";
import { expandHome } from "./attempt-paths";

export interface Placement {
  isDone: boolean;
  failure: unknown;
  /** Never rejects. */
  ended: Promise<void>;
}
export interface PlaceDataOptions {
  ctx: Context;
  connection: NodeConnection;
  memory: AttemptMemory;
  homeDirectory: string;
  localData: LocalData;
}

/** Small files are there within the round that began with them. */
const PATIENCE_MS = 1_000;

/**
 * Puts an attempt's own rows on its node, beside a link to the application's dschat. A copy of many megabytes goes on while
 * other attempts have their rounds: false until it is done. Files that are there in full are not sent again.
 * @throws AppError PRECONDITION when the application, the folder or the data set is not there; those of RemoteFiles.write
 */
export async function placeData(options: PlaceDataOptions): Promise<boolean> {
  const { memory } = options;
  memory.placement ??= beginPlacement(options);
  const { placement } = memory;
  const patience = new AbortController();
  await Promise.race([
    placement.ended,
    delay(PATIENCE_MS, null, { signal: patience.signal }).catch(() => null),
  ]);
  patience.abort();
  if (placement.failure === null) return placement.isDone;
  memory.placement = null;
  throw placement.failure;
}

function beginPlacement(options: PlaceDataOptions): Placement {
  const placement: Placement = { isDone: false, failure: null, ended: Promise.resolve() };
  placement.ended = place(options).then(
    () => {
      placement.isDone = true;
    },
    (error: unknown) => {
      placement.failure = error;
    },
  );
  return placement;
}

async function place({ ctx, connection, homeDirectory, localData }: PlaceDataOptions): Promise<void> {
  const { source } = localData;
  const absolute = (path: string) => expandHome(path, homeDirectory);
  const directory = absolute(localData.directory);
  const application = absolute(localData.applicationDirectory);
  const folder = source.type === "directory" ? absolute(source.path) : "";
  const result = await connection.runScript(placeDataScript, { args: [directory, application, folder] });
  if (result.exitCode === 3) {
    throw new AppError("PRECONDITION", `${application} has no folder dschat, which reads local data.`, {
      hint: "Use a newer checkout of DeepSpeedExamples.",
    });
  }
  if (result.exitCode === 4) {
    throw new AppError(
      "PRECONDITION",
      `${folder} has no readable ${result.stdout.toString("utf8").trim()}.`,
      {
        hint: "Put train.json and eval.json there, one object a line.",
      },
    );
  }
  expectSuccess(result, "Placing the data set");
  if (source.type === "uploaded")
    await upload({ ctx, connection }, { reference: source.reference, directory });
}

async function upload(
  { ctx, connection }: Pick<PlaceDataOptions, "ctx" | "connection">,
  { reference, directory }: { reference: string; directory: string },
): Promise<void> {
  const [version] = await findUploaded(ctx.db.pool, [reference]);
  if (version === undefined) throw new AppError("PRECONDITION", `The data set ${reference} was deleted.`);
  const { pool } = ctx.db;
  for (const part of DATA_PARTS) {
    const path = join(directory, "data", `${part}.json`);
    const wanted = { versionId: version.versionId, part };
    const there = await connection.files.stat(path);
    if (there !== null && there.size === (await partSize(pool, wanted))) continue;
    await connection.files.write(path, readPart(pool, wanted), { mode: 0o600 });
  }
}
