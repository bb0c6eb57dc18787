import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import type { z } from "zod";
import { recordAudit } from "../audit";
import type { Context } from "../context";
import {
  CreateDataSetQuery,
  type DataColumns,
  type DataReport,
  type DataSetView,
} from "../contracts/data-sets";
import { inTransaction } from "../db";
import { AppError, validationError } from "../errors";
import { getDataSet } from "./get-data-set";
import { RowInspector } from "./inspect-rows";
import { normaliseFile, requireFormat } from "./normalise-file";
import { partOf } from "./split-rows";
import { RowSpool } from "./spool-rows";
import { withUpload } from "./spool-upload";
import { UploadSlots } from "./upload-slots";

interface Upload {
  path: string;
  size: number;
  directory: string;
}
interface CheckedRows {
  spool: RowSpool;
  columns: DataColumns;
  report: DataReport;
  contentHash: string;
  trainCount: number;
  evalCount: number;
}
const slots = new UploadSlots();

/**
 * Reads, checks and stores an uploaded file: a new data set, or the next version of the one with this name. The same rows
 * with the same split are the version that is there already. A refused file changes nothing.
 * @throws AppError VALIDATION with the place of every bad row, LIMIT for a file that is too large or one upload too many,
 *   TIMEOUT for one that stops coming
 */
export async function createDataSet({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof CreateDataSetQuery> & { bytes: AsyncIterable<Uint8Array> };
}): Promise<DataSetView> {
  const wanted = CreateDataSetQuery.parse(input);
  requireFormat(wanted.fileName);
  const id = await slots.admit(() =>
    withUpload(input.bytes, (upload) => slots.inTurn(() => take(ctx, { wanted, upload }))),
  );
  return getDataSet({ ctx, input: { id } });
}

/** Rows are all read and checked before the transaction begins: its row locks may not wait for a parser. */
function take(ctx: Context, parts: { wanted: CreateDataSetQuery; upload: Upload }): Promise<string> {
  const { wanted, upload } = parts;
  return RowSpool.within({ directory: upload.directory }, async (spool) => {
    const rows = await checkRows(spool, { wanted, upload });
    if (rows.trainCount === 0 || rows.evalCount === 0) throw tooFewRows(rows, wanted);
    return inTransaction(ctx.db.pool, (client) => store(client, ctx, { ...parts, rows }));
  });
}

async function checkRows(
  spool: RowSpool,
  { wanted, upload }: { wanted: CreateDataSetQuery; upload: Upload },
): Promise<CheckedRows> {
  const inspector = new RowInspector();
  let columns: DataColumns | null = null;
  const onColumns = (found: DataColumns) => {
    columns = found;
  };
  for await (const { row, ...about } of normaliseFile(upload.path, { options: wanted, onColumns })) {
    inspector.add(row, about);
    await spool.add(partOf(row.prompt, wanted), row);
  }
  if (columns === null) throw new Error("rows were read without columns");
  const contentHash = await spool.finish();
  const counts = { trainCount: spool.count("train"), evalCount: spool.count("eval") };
  return { spool, columns, report: inspector.report(), contentHash, ...counts };
}

/** @returns the data set's id */
async function store(
  client: PoolClient,
  ctx: Context,
  parts: { wanted: CreateDataSetQuery; upload: Upload; rows: CheckedRows },
): Promise<string> {
  const { wanted, rows } = parts;
  const dataSetId = await lockDataSet(client, ctx, wanted.name);
  const same = await client.query(
    `SELECT 1 FROM data_set_version WHERE data_set_id = $1 AND content_hash = $2`,
    [dataSetId, rows.contentHash],
  );
  if (same.rowCount !== 0) return dataSetId;
  const versionId = randomUUID();
  await insertVersion(client, ctx, { ...parts, versionId, dataSetId });
  for await (const { part, index, firstRow, bytes } of rows.spool.chunks()) {
    await client.query(
      `INSERT INTO data_set_chunk (version_id, part, index, first_row, bytes) VALUES ($1, $2, $3, $4, $5)`,
      [versionId, part, index, firstRow, bytes],
    );
  }
  await recordAudit(client, ctx, {
    action: "data_set.upload",
    object: `data set ${dataSetId}`,
    detail: { name: wanted.name, fileName: wanted.fileName, contentHash: rows.contentHash },
  });
  return dataSetId;
}

/**
 * Made if it is not there; its row stays locked, so that two uploads get two numbers. Not as a key: runs that hold another
 * version of it do not wait.
 */
async function lockDataSet(client: PoolClient, ctx: Context, name: string): Promise<string> {
  await client.query(
    `INSERT INTO data_set (id, name, "createdBy", "createdAt") VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING`,
    [randomUUID(), name, ctx.actor.name, ctx.now()],
  );
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM data_set WHERE name = $1 FOR NO KEY UPDATE`,
    [name],
  );
  const id = rows[0]?.id;
  if (id !== undefined) return id;
  throw new AppError("CONFLICT", `${name} was deleted while the file was stored.`, {
    hint: "Upload it again.",
  });
}

async function insertVersion(
  client: PoolClient,
  ctx: Context,
  parts: {
    versionId: string;
    dataSetId: string;
    wanted: CreateDataSetQuery;
    upload: Upload;
    rows: CheckedRows;
  },
): Promise<void> {
  const { versionId, dataSetId, wanted, upload, rows } = parts;
  await client.query(
    `INSERT INTO data_set_version (id, data_set_id, number, content_hash, file_name, format, file_bytes, has_pairs,
       train_count, eval_count, eval_percent, seed, columns, report, created_by, created_at)
     SELECT $1::uuid, $2::uuid, coalesce(max(number), 0) + 1, $3, $4, $5, $6::bigint, $7::boolean, $8::int, $9::int,
       $10::float8, $11::bigint, $12::jsonb, $13::jsonb, $14, $15::timestamptz
     FROM data_set_version WHERE data_set_id = $2::uuid`,
    [
      versionId,
      dataSetId,
      rows.contentHash,
      wanted.fileName,
      requireFormat(wanted.fileName).format,
      upload.size,
      rows.columns.rejected !== null,
      rows.trainCount,
      rows.evalCount,
      wanted.evalPercent,
      wanted.seed,
      JSON.stringify(rows.columns),
      JSON.stringify(rows.report),
      ctx.actor.name,
      ctx.now(),
    ],
  );
}

function tooFewRows({ trainCount, evalCount }: CheckedRows, { evalPercent }: CreateDataSetQuery): Error {
  const [count, side] = trainCount === 0 ? [evalCount, "training"] : [trainCount, "evaluation"];
  const message = `${evalPercent} % of ${count} rows leave none for ${side}. Upload more rows, change the share, or another seed.`;
  return validationError([{ path: "evalPercent", message }]);
}
