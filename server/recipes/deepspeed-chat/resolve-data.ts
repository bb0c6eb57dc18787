import { parseDataSetReference } from "../../contracts/data-facts";
import type { FieldValue, LocalData } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { KNOWN_DATA_SETS } from "./known-data-sets";

/** What is known of an uploaded data set that a run names. */
export interface UploadedData {
  reference: string;
  /** false: single answers. */
  hasPairs: boolean;
  trainCount: number;
  evalCount: number;
}
export type LocalSource = LocalData["source"];
type Fields = Readonly<Record<string, FieldValue>>;

export interface ResolvedData {
  /** Values that replace those of the form. */
  fields: Fields;
  /** What `local/jsonfile` means in this stage; null: it is not ours to say. */
  source: LocalSource | null;
  /** Nothing comes from a hub, so the program's cache of prepared data can be the attempt's own. */
  isOnlyLocal: boolean;
}

export const LOCAL = "local/jsonfile";
/** Stage 1 gets no share by proportion: its rows come by --sft_only_data_path alone, each of them once. */
const NOTHING_FOR_SFT = "0,5,5";

/** A path with a hub name in it is a data set that save_to_disk wrote: the program reads it by itself. */
const HUB_NAMES = KNOWN_DATA_SETS.map(({ name }) => name).filter((name) => name !== LOCAL);

/** What an entry of data_path means when it is no name of a hub; null: it is one. */
export function localSourceOf(name: string): LocalSource | null {
  if (parseDataSetReference(name) !== null) return { type: "uploaded", reference: name };
  const isPath = name.startsWith("/") || name.startsWith("~/");
  if (!isPath || HUB_NAMES.some((known) => name.includes(known))) return null;
  return { type: "directory", path: name.replace(/\/+$/, "") };
}

/** What load_dataset is asked for where data_path names this; null: it is no data set of a hub. */
export function hubDataOf(name: string): string | null {
  const known = KNOWN_DATA_SETS.find((one) => one.repository !== undefined && name.includes(one.name));
  const repository = known?.repository ?? name;
  const isOther = name === LOCAL || name.startsWith("practice/") || localSourceOf(name) !== null;
  return !isOther && /^[\w.-]+(?:\/[\w.-]+)?$/.test(repository) && !/^[.~-]/.test(name) ? repository : null;
}

export function namesOf(value: FieldValue | undefined): string[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The data flags of one stage as the program understands them: data_utils.py, get_raw_dataset and create_prompt_dataset.
 * Single answers go to --sft_only_data_path. Pure; what cannot work is told by findDataProblems.
 */
export function resolveData(
  stage: StageKind,
  { fields, uploaded }: { fields: Fields; uploaded: readonly UploadedData[] },
): ResolvedData {
  const isSingle = (name: string) =>
    stage === "sft" && uploaded.some(({ reference, hasPairs }) => reference === name && !hasPairs);
  const named = namesOf(fields.data_path);
  const singles = named.filter(isSingle);
  const paired = named.filter((name) => !isSingle(name));
  const sftOnly = [...new Set([...namesOf(fields.sft_only_data_path), ...singles])];
  const all = [...paired, ...sftOnly];
  const source = all.map(localSourceOf).find((found) => found !== null) ?? null;
  if (source === null) return { fields: {}, source, isOnlyLocal: false };
  // Without an entry the program would take its default, a data set of the hub.
  const isSftOnly = paired.length === 0 && (singles.length > 0 || Array.isArray(fields.data_path));
  return {
    fields: {
      ...(isSftOnly && { data_split: NOTHING_FOR_SFT }),
      ...((paired.length > 0 || isSftOnly) && { data_path: isSftOnly ? [LOCAL] : paired.map(flagOf) }),
      ...(sftOnly.length > 0 && { sft_only_data_path: sftOnly.map(flagOf) }),
    },
    source,
    isOnlyLocal:
      (paired.length > 0 || isSftOnly) &&
      all.every((name) => localSourceOf(name) !== null) &&
      !fields.unsupervised_dataset_name,
  };
}

function flagOf(name: string): string {
  return localSourceOf(name) === null ? name : LOCAL;
}
