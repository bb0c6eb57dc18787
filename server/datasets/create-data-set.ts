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
import { validationError } from "../errors";
import { getDataSet } from "./get-data-set";
import { RowInspector } from "./inspect-rows";
import { normaliseFile, requireFormat } from "./normalise-file";
import { partOf } from "./split-rows";
import { withUpload } from "./spool-upload";
import { RowStore } from "./store-rows";

interface Upload {
  path: string;
  size: number;
}
interface StoredRows {
  columns: DataColumns;
  report: DataReport;
  contentHash: string;
  trainCount: number;
  evalCount: number;
}

/**
 * Reads, checks and stores an uploaded file: a new data set, or the next version of the one with this name. The same rows
 * with the same split are the version that is there already. A refused file changes nothing.
 * @throws AppError VALIDATION with the place of every bad row, LIMIT for a file that is too large
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
  const id = await withUpload(input.bytes, (upload) =>
    inTransaction(ctx.db.pool, (client) => store(client, ctx, { wanted, upload })),
  );
  return getDataSet({ ctx, input: { id } });
}

/** @returns the data set's id */
async function store(
  client: PoolClient,
  ctx: Context,
  { wanted, upload }: { wanted: CreateDataSetQuery; upload: Upload },
): Promise<string> {
  const dataSetId = await lockDataSet(client, ctx, wanted.name);
  const versionId = randomUUID();
  await insertVersion(client, ctx, { versionId, dataSetId, wanted, upload });
  const rows = await storeRows(client, { versionId, wanted, upload });
  if (rows.trainCount === 0 || rows.evalCount === 0) throw tooFewRows(rows, wanted);
  const same = await client.query(
    `SELECT 1 FROM data_set_version WHERE data_set_id = $1 AND content_hash = $2`,
    [dataSetId, rows.contentHash],
  );
  if (same.rowCount !== 0) {
    await client.query(`DELETE FROM data_set_version WHERE id = $1`, [versionId]);
    return dataSetId;
  }
  await client.query(
    `UPDATE data_set_version SET content_hash = $2, has_pairs = $3, train_count = $4, eval_count = $5, columns = $6,
       report = $7 WHERE id = $1`,
    [
      versionId,
      rows.contentHash,
      rows.columns.rejected !== null,
      rows.trainCount,
      rows.evalCount,
      JSON.stringify(rows.columns),
      JSON.stringify(rows.report),
    ],
  );
  await recordAudit(client, ctx, {
    action: "data_set.upload",
    object: `data set ${dataSetId}`,
    detail: { name: wanted.name, fileName: wanted.fileName, contentHash: rows.contentHash },
  });
  return dataSetId;
}

/** Made if it is not there; its row stays locked, so that two uploads get two numbers. */
async function lockDataSet(client: PoolClient, ctx: Context, name: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO data_set (id, name, "createdBy", "createdAt") VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`,
    [randomUUID(), name, ctx.actor.name, ctx.now()],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the data set's row was not returned");
  return id;
}

/** Before its rows, which refer to it. What only they tell is filled in after them, in the same transaction. */
async function insertVersion(
  client: PoolClient,
  ctx: Context,
  parts: { versionId: string; dataSetId: string; wanted: CreateDataSetQuery; upload: Upload },
): Promise<void> {
  const { versionId, dataSetId, wanted, upload } = parts;
  await client.query(
    `INSERT INTO data_set_version (id, data_set_id, number, content_hash, file_name, format, file_bytes, has_pairs,
       train_count, eval_count, eval_percent, seed, columns, report, created_by, created_at)
     SELECT $1::uuid, $2::uuid, coalesce(max(number), 0) + 1, $1::uuid::text, $3, $4, $5::bigint, false, 0, 0,
       $6::float8, $7::bigint, '{}', '{}', $8, $9::timestamptz
     FROM data_set_version WHERE data_set_id = $2::uuid`,
    [
      versionId,
      dataSetId,
      wanted.fileName,
      requireFormat(wanted.fileName).format,
      upload.size,
      wanted.evalPercent,
      wanted.seed,
      ctx.actor.name,
      ctx.now(),
    ],
  );
}

async function storeRows(
  client: PoolClient,
  { versionId, wanted, upload }: { versionId: string; wanted: CreateDataSetQuery; upload: Upload },
): Promise<StoredRows> {
  const inspector = new RowInspector();
  const store = new RowStore(client, versionId);
  let columns: DataColumns | null = null;
  const onColumns = (found: DataColumns) => {
    columns = found;
  };
  for await (const { row, place, isWrapped } of normaliseFile(upload.path, { options: wanted, onColumns })) {
    inspector.add(row, { place, isWrapped });
    await store.add(partOf(row.prompt, wanted), row);
  }
  if (columns === null) throw new Error("rows were read without columns");
  const contentHash = await store.finish();
  const counts = { trainCount: store.count("train"), evalCount: store.count("eval") };
  return { columns, report: inspector.report(), contentHash, ...counts };
}

function tooFewRows({ trainCount, evalCount }: StoredRows, { evalPercent }: CreateDataSetQuery): Error {
  const [count, side] = trainCount === 0 ? [evalCount, "training"] : [trainCount, "evaluation"];
  const message = `${evalPercent} % of ${count} rows leave none for ${side}. Upload more rows, change the share, or another seed.`;
  return validationError([{ path: "evalPercent", message }]);
}
