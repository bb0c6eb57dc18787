import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { type SourceRow, UnreadableFile } from "./source-row";

/** Row group by row group, so that the file is never in memory as a whole. @throws UnreadableFile */
export async function* readParquet(path: string): AsyncGenerator<SourceRow> {
  let row = 0;
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    for (const group of metadata.row_groups) {
      const count = Number(group.num_rows);
      const options = { file, metadata, compressors, rowStart: row, rowEnd: row + count };
      for (const values of await parquetReadObjects(options)) {
        row += 1;
        yield { place: `row ${row}`, values };
      }
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadableFile(`row ${row + 1}`, `The Parquet file cannot be read: ${why}.`, { cause });
  }
}
