import type { Pool, PoolClient } from "pg";
import type { RunParameters } from "../contracts/runs";
import type { StageKind } from "../contracts/statuses";
import { findUploaded, referencesOf, type UploadedVersion } from "../datasets";
import { AppError } from "../errors";

/**
 * The uploaded data sets that these stages read. A run keeps nobody from deleting them once it has ended, and may be
 * retried after that.
 * @throws AppError PRECONDITION that names the first one that was deleted
 */
export async function requireUploaded(
  client: Pool | PoolClient,
  { parameters, stages }: { parameters: RunParameters; stages: readonly StageKind[] },
): Promise<UploadedVersion[]> {
  const references = referencesOf(parameters, stages);
  const uploaded = await findUploaded(client, references);
  const gone = references.find((reference) => !uploaded.some((set) => set.reference === reference));
  if (gone === undefined) return uploaded;
  throw new AppError("PRECONDITION", `The data set ${gone.slice("dataset:".length)} was deleted.`, {
    hint: "Upload it again with the same name and split: equal rows make the same version.",
  });
}
