import type { z } from "zod";
import type { Context } from "../context";
import { Id } from "../contracts/primitives";
import {
  SamplesQuery,
  type SamplesResult,
  TELEMETRY_FIELDS,
  type TelemetryField,
} from "../contracts/telemetry";
import { AppError, validationError } from "../errors";
import { chooseResolution } from "./choose-resolution";
import { loadBlocks, loadRollups } from "./load-samples";
import { gridSamples, plainSamples, type SampleColumns } from "./merge-samples";
import { rollUp } from "./roll-up";

export const ReadSamplesInput = SamplesQuery.extend({ nodeId: Id });
export type ReadSamplesInput = z.input<typeof ReadSamplesInput>;

const DEFAULT_RANGE_MS = 3_600_000;
const DEFAULT_FIELDS: readonly TelemetryField[] = [
  "utilizationGpuPercent",
  "memoryUsedMiB",
  "memoryTotalMiB",
  "temperatureC",
  "powerDrawW",
];

const isField = (name: string): name is TelemetryField => TELEMETRY_FIELDS.some((field) => field === name);

function parseFields(text: string | undefined): readonly TelemetryField[] {
  if (text === undefined || text.trim() === "") return DEFAULT_FIELDS;
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  const unknown = names.find((name) => !isField(name));
  if (unknown !== undefined) {
    throw validationError([
      { path: "fields", message: `"${unknown}" is none of ${TELEMETRY_FIELDS.join(", ")}.` },
    ]);
  }
  return names.filter(isField);
}

/**
 * A node's telemetry between two times (default: the last hour), in at most about `points` points, GPUs in the node's order. Up to one reading a
 * second for 24 hours, minutes for 30 days, hours after that; the newest part comes from rows that are not closed yet.
 * @throws AppError VALIDATION for a range that ends before it begins or an unknown field, NOT_FOUND without the node
 */
export async function readSamples({
  ctx,
  input,
}: {
  ctx: Context;
  input: ReadSamplesInput;
}): Promise<SamplesResult> {
  const query = ReadSamplesInput.parse(input);
  const fields = parseFields(query.fields);
  const now = ctx.now().getTime();
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - DEFAULT_RANGE_MS : Date.parse(query.from);
  if (from >= to) throw validationError([{ path: "from", message: "The range ends before it begins." }]);
  const node = await ctx.db.prisma.node.findUnique({
    where: { id: query.nodeId },
    select: {
      gpus: {
        select: { uuid: true },
        orderBy: [{ index: "asc" }, { migIndex: { sort: "asc", nulls: "first" } }],
      },
    },
  });
  if (!node) throw new AppError("NOT_FOUND", "There is no such node.");
  const bucketSeconds = chooseResolution({ from, to, points: query.points, now });
  const columns = await loadColumns(ctx, { nodeId: query.nodeId, from, to, now, bucketSeconds, fields });
  const order = node.gpus.map(({ uuid }) => uuid);
  const rank = (uuid: string) => (order.includes(uuid) ? order.indexOf(uuid) : order.length);
  columns.gpus.sort((one, other) => rank(one.uuid) - rank(other.uuid));
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucketSeconds, ...columns };
}

interface ColumnsInput {
  nodeId: string;
  from: number;
  to: number;
  now: number;
  bucketSeconds: number;
  fields: readonly TelemetryField[];
}

/** One snapshot for all queries: a minute that is closed meanwhile is neither missing nor there twice. */
async function loadColumns(ctx: Context, input: ColumnsInput): Promise<SampleColumns> {
  const { bucketSeconds } = input;
  const client = await ctx.db.pool.connect();
  try {
    await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const first = Math.floor(input.from / (bucketSeconds * 1000)) * bucketSeconds * 1000;
    if (bucketSeconds >= 60) {
      const rollups = await loadRollups(client, { ...input, from: first, useHours: bucketSeconds >= 3600 });
      return gridSamples(rollups, input);
    }
    const blocks = await loadBlocks(client, { ...input, from: first });
    return bucketSeconds === 1
      ? plainSamples(blocks, input)
      : gridSamples(rollUp(blocks, bucketSeconds), input);
  } finally {
    // Read only: nothing to keep. A connection that cannot say so is thrown away.
    await client.query("ROLLBACK").then(
      () => client.release(),
      (error: Error) => client.release(error),
    );
  }
}
