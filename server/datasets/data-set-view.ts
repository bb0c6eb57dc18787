import { DATA_FORMATS, dataSetReference } from "../contracts/data-facts";
import {
  DataColumns,
  DataReport,
  type DataSetSummary,
  type DataSetVersionView,
  type DataSetView,
} from "../contracts/data-sets";
import type { models } from "../db";

type VersionRow = models.DataSetVersion;
export type DataSetRow = models.DataSet & { versions: VersionRow[] };

/** For Prisma's include: versions, newest first. */
export const WITH_VERSIONS = { versions: { orderBy: { number: "desc" } } } as const;

function versionView(name: string, row: VersionRow): DataSetVersionView {
  const format = DATA_FORMATS.find((known) => known === row.format);
  if (format === undefined) throw new Error(`version ${row.id} has the format ${row.format}`);
  const { id, number, contentHash, fileName, hasPairs, trainCount, evalCount, evalPercent, createdBy } = row;
  return {
    ...{ id, number, contentHash, fileName, format, hasPairs, trainCount, evalCount, evalPercent, createdBy },
    reference: dataSetReference(name, contentHash),
    fileBytes: Number(row.fileBytes),
    seed: Number(row.seed),
    columns: DataColumns.parse(row.columns),
    report: DataReport.parse(row.report),
    createdAt: row.createdAt.toISOString(),
  };
}

export function dataSetView({ id, name, createdBy, createdAt, versions }: DataSetRow): DataSetView {
  return {
    ...{ id, name, createdBy, createdAt: createdAt.toISOString() },
    versions: versions.map((row) => versionView(name, row)),
  };
}

export function dataSetSummary(row: DataSetRow): DataSetSummary {
  const { versions, ...rest } = dataSetView(row);
  const newest = versions[0];
  if (newest === undefined) throw new Error(`data set ${row.id} has no version`);
  const { report: _report, ...shown } = newest;
  return { ...rest, versionCount: versions.length, newest: shown };
}
