import type { Pool } from "pg";
import type { DataPart } from "../contracts/data-sets";

/** The JSON lines of one part, a chunk of about 1 MiB at a time. */
export async function* readPart(
  pool: Pool,
  { versionId, part }: { versionId: string; part: DataPart },
): AsyncGenerator<Buffer> {
  for (let index = 0; ; index++) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      `SELECT bytes FROM data_set_chunk WHERE version_id = $1 AND part = $2 AND index = $3`,
      [versionId, part, index],
    );
    if (rows[0] === undefined) return;
    yield rows[0].bytes;
  }
}
