import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { MAX_DATA_ROWS } from "../contracts/data-facts";
import { type SourceRow, tooManyRows, UnreadableFile } from "./source-row";

/** Of the columns that are read, unpacked: a row group is in memory as a whole. */
const MAX_GROUP_BYTES = 268_435_456;

/** Which of the file's columns are read. */
export type PickColumns = (names: readonly string[]) => readonly string[];

/**
 * Row group by row group, and of each only the columns that `pick` wants, so that the file is never in memory as a whole.
 * What the file says of its size is checked before any row is read.
 * @throws UnreadableFile; AppError LIMIT past MAX_DATA_ROWS
 */
export async function* readParquet(path: string, pick: PickColumns): AsyncGenerator<SourceRow> {
  const { file, metadata } = await orUnreadable(1, () => open(path));
  if (rowsOf(metadata) > MAX_DATA_ROWS) throw tooManyRows();
  if (metadata.row_groups.length === 0) return;
  const columns = [...pick(parquetSchema(metadata).children.map(({ element }) => element.name))];
  checkGroups(metadata, columns);
  let row = 0;
  for (const group of metadata.row_groups) {
    const bounds = { rowStart: row, rowEnd: row + Number(group.num_rows) };
    const read = () => parquetReadObjects({ file, metadata, compressors, columns, ...bounds });
    for (const values of await orUnreadable(row + 1, read)) {
      row += 1;
      yield { place: `row ${row}`, values };
    }
  }
}

async function open(path: string): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  const file = await asyncBufferFromFile(path);
  return { file, metadata: await parquetMetadataAsync(file) };
}

function rowsOf({ row_groups }: FileMetaData): number {
  return row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
}

function checkGroups({ row_groups }: FileMetaData, columns: readonly string[]): void {
  let row = 1;
  for (const group of row_groups) {
    const bytes = bytesOf(group, columns);
    if (bytes > MAX_GROUP_BYTES) {
      const [is, most] = [bytes, MAX_GROUP_BYTES].map((size) => Math.ceil(size / 1_048_576));
      throw new UnreadableFile(
        `row ${row}`,
        `The row group that begins here holds ${is} MiB in the columns ${columns.join(", ")}, and at most ${most} MiB are read at once. Write the file with smaller row groups, for example pyarrow's write_table(…, row_group_size=1000).`,
      );
    }
    row += Number(group.num_rows);
  }
}

function bytesOf(group: RowGroup, columns: readonly string[]): number {
  return group.columns.reduce((sum, { meta_data: column }) => {
    const name = column?.path_in_schema[0];
    return name !== undefined && columns.includes(name) ? sum + Number(column?.total_uncompressed_size) : sum;
  }, 0);
}

async function orUnreadable<T>(row: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadableFile(`row ${row}`, `The Parquet file cannot be read: ${why}.`, { cause });
  }
}
