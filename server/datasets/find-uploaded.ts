import type { Pool, PoolClient } from "pg";
import { parseDataSetReference } from "../contracts/data-facts";
import type { RunParameters } from "../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";

export interface UploadedVersion {
  versionId: string;
  reference: string;
  hasPairs: boolean;
  trainCount: number;
  evalCount: number;
}

const FIND = `SELECT v.id AS "versionId", 'dataset:' || d.name || '@' || left(v.content_hash, 12) AS reference,
    v.has_pairs AS "hasPairs", v.train_count AS "trainCount", v.eval_count AS "evalCount"
  FROM data_set d JOIN data_set_version v ON v.data_set_id = d.id
  WHERE 'dataset:' || d.name || '@' || left(v.content_hash, 12) = ANY($1)`;

/** References of uploaded data sets in a run's parameters, or in those of some of its stages, each once. */
export function referencesOf({ stages }: RunParameters, kinds: readonly StageKind[] = STAGE_KINDS): string[] {
  const names = kinds.flatMap((kind) => {
    const { data_path, sft_only_data_path } = stages[kind].fields;
    return [data_path, sft_only_data_path].flatMap((value) => (Array.isArray(value) ? value : []));
  });
  return [...new Set(names)].filter((name) => parseDataSetReference(name) !== null);
}

/** The versions that are there; a reference to one that was deleted gives none. */
export async function findUploaded(
  client: Pool | PoolClient,
  references: readonly string[],
): Promise<UploadedVersion[]> {
  if (references.length === 0) return [];
  const { rows } = await client.query<UploadedVersion>(FIND, [references]);
  return rows;
}

/** The same, and nobody deletes them before the transaction ends. */
export async function holdUploaded(
  client: PoolClient,
  references: readonly string[],
): Promise<UploadedVersion[]> {
  if (references.length === 0) return [];
  const { rows } = await client.query<UploadedVersion>(`${FIND} FOR KEY SHARE OF d`, [references]);
  return rows;
}
