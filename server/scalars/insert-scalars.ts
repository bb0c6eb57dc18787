import type pg from "pg";

/** Columns of one tag, to be stored. Typed arrays may be longer than `length`. */
export interface ScalarGroup {
  tag: string;
  sourceTag: string;
  length: number;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
  /** Unix seconds; NaN: none. */
  wallTimes: ArrayLike<number>;
  /** Byte offset of the record or line in its file. */
  offsets: ArrayLike<number>;
}

/** Rows in one statement: a few milliseconds of this process and of Postgres. */
const ROWS_PER_STATEMENT = 5_000;

async function tagIds(
  client: pg.PoolClient,
  target: { attemptId: string; source: "log" | "events" },
  groups: readonly ScalarGroup[],
): Promise<Map<string, number>> {
  const key = (tag: string, sourceTag: string) => `${tag}\n${sourceTag}`;
  const ids = new Map<string, number>();
  const load = async () => {
    const { rows } = await client.query<{ id: number; tag: string; source_tag: string }>(
      "SELECT id, tag, source_tag FROM scalar_tag WHERE attempt_id = $1 AND source = $2",
      [target.attemptId, target.source],
    );
    for (const row of rows) ids.set(key(row.tag, row.source_tag), row.id);
  };
  await load();
  const missing = groups.filter((group) => !ids.has(key(group.tag, group.sourceTag)));
  if (missing.length === 0) return ids;
  await client.query(
    `INSERT INTO scalar_tag (attempt_id, tag, source, source_tag)
     SELECT $1, tag, $2, source_tag FROM unnest($3::text[], $4::text[]) AS t (tag, source_tag)
     ON CONFLICT DO NOTHING`,
    [
      target.attemptId,
      target.source,
      missing.map((group) => group.tag),
      missing.map((group) => group.sourceTag),
    ],
  );
  await load();
  return ids;
}

/** A Postgres array literal of column[from, to). */
function literal(column: ArrayLike<number>, from: number, to: number): string {
  let text = "{";
  for (let i = from; i < to; i += 1) text += i === from ? column[i] : `,${column[i]}`;
  return `${text}}`;
}

/**
 * Stores scalars by unnest, inside the caller's transaction. A record that is there already stays as it is, so that
 * reading a file again doubles nothing. Returns how many rows are new.
 */
export async function insertScalars(
  client: pg.PoolClient,
  target: { attemptId: string; fileId: string; source: "log" | "events" },
  groups: readonly ScalarGroup[],
): Promise<number> {
  if (groups.length === 0) return 0;
  const ids = await tagIds(client, target, groups);
  let stored = 0;
  for (const group of groups) {
    const tagId = ids.get(`${group.tag}\n${group.sourceTag}`);
    for (let from = 0; from < group.length; from += ROWS_PER_STATEMENT) {
      const to = Math.min(group.length, from + ROWS_PER_STATEMENT);
      const { rowCount } = await client.query(
        `INSERT INTO scalar (tag_id, step, file_id, record_offset, value, wall_time)
         SELECT $1, step, $2, record_offset, value, nullif(wall_time, 'NaN')
         FROM unnest($3::bigint[], $4::bigint[], $5::float8[], $6::float8[]) AS s (step, record_offset, value, wall_time)
         ON CONFLICT DO NOTHING`,
        [
          tagId,
          target.fileId,
          literal(group.steps, from, to),
          literal(group.offsets, from, to),
          literal(group.values, from, to),
          literal(group.wallTimes, from, to),
        ],
      );
      stored += rowCount ?? 0;
    }
  }
  return stored;
}

/** Points in any order of tags to one group per tag. */
export function groupScalars(
  points: readonly { tag: string; sourceTag: string; step: number; value: number; offset: number }[],
  wallTime: number,
): ScalarGroup[] {
  const groups = new Map<
    string,
    ScalarGroup & { steps: number[]; values: number[]; wallTimes: number[]; offsets: number[] }
  >();
  for (const point of points) {
    const key = `${point.tag}\n${point.sourceTag}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        tag: point.tag,
        sourceTag: point.sourceTag,
        length: 0,
        steps: [],
        values: [],
        wallTimes: [],
        offsets: [],
      };
      groups.set(key, group);
    }
    group.length += 1;
    group.steps.push(point.step);
    group.values.push(point.value);
    group.wallTimes.push(wallTime);
    group.offsets.push(point.offset);
  }
  return [...groups.values()];
}
