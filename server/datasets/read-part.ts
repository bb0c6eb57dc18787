import type { Pool } from "pg";
import type { DataPart } from "../contracts/data-facts";

interface PartOf {
  versionId: string;
  part: DataPart;
}

/** Bytes of one part. */
export async function partSize(pool: Pool, { versionId, part }: PartOf): Promise<number> {
  const { rows } = await pool.query<{ size: string }>(
    `SELECT coalesce(sum(length(bytes)), 0) AS size FROM data_set_chunk WHERE version_id = $1 AND part = $2`,
    [versionId, part],
  );
  return Number(rows[0]?.size);
}

/** The JSON lines of one part, a chunk of about 1 MiB at a time. */
export async function* readPart(pool: Pool, { versionId, part }: PartOf): AsyncGenerator<Buffer> {
  for (let index = 0; ; index++) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      `SELECT bytes FROM data_set_chunk WHERE version_id = $1 AND part = $2 AND index = $3`,
      [versionId, part, index],
    );
    if (rows[0] === undefined) return;
    yield rows[0].bytes;
  }
}
