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
type DataSetRow = models.DataSet & { versions: VersionRow[] };
type NewestRow = models.DataSet & {
  versions: Omit<VersionRow, "report">[];
  _count: { versions: number };
};

/** For Prisma's include: versions, newest first. */
export const WITH_VERSIONS = { versions: { orderBy: { number: "desc" } } } as const;
/** The newest alone, without its report, and how many there are. */
export const WITH_NEWEST = {
  versions: { orderBy: { number: "desc" }, take: 1, omit: { report: true } },
  _count: { select: { versions: true } },
} as const;

function shownVersion(name: string, row: Omit<VersionRow, "report">): DataSetSummary["newest"] {
  const format = DATA_FORMATS.find((known) => known === row.format);
  if (format === undefined) throw new Error(`version ${row.id} has the format ${row.format}`);
  const { id, number, contentHash, fileName, hasPairs, trainCount, evalCount, evalPercent, createdBy } = row;
  return {
    ...{ id, number, contentHash, fileName, format, hasPairs, trainCount, evalCount, evalPercent, createdBy },
    reference: dataSetReference(name, contentHash),
    fileBytes: Number(row.fileBytes),
    seed: Number(row.seed),
    columns: DataColumns.parse(row.columns),
    createdAt: row.createdAt.toISOString(),
  };
}

function versionView(name: string, row: VersionRow): DataSetVersionView {
  return { ...shownVersion(name, row), report: DataReport.parse(row.report) };
}

export function dataSetView({ id, name, createdBy, createdAt, versions }: DataSetRow): DataSetView {
  return {
    ...{ id, name, createdBy, createdAt: createdAt.toISOString() },
    versions: versions.map((row) => versionView(name, row)),
  };
}

export function dataSetSummary(row: NewestRow): DataSetSummary {
  const { id, name, createdBy, createdAt, _count } = row;
  const [newest] = row.versions;
  if (newest === undefined) throw new Error(`data set ${id} has no version`);
  return {
    ...{ id, name, createdBy, createdAt: createdAt.toISOString() },
    versionCount: _count.versions,
    newest: shownVersion(name, newest),
  };
}
