import type { Finding, RunParameters } from "./runs";
import { STAGE_KINDS } from "./statuses";

// Without zod: the new run's form loads it. What it reads of rows and what a start reads are the same.

/** Fields that name data. */
const DATA_FIELDS = ["data_path", "sft_only_data_path"] as const;
/** A hub's data set seldom changes, and reading it anew costs the node some seconds; a folder's files may be written now. */
const KEPT_SECONDS = { hub: 3600, folder: 10 } as const;
/** Somebody may be mending a data set of a hub that has errors. */
const TROUBLE_KEPT_SECONDS = 60;
/** Told of data that a node cannot read, or would have to be let to: reading its rows says nothing more. */
const OUT_OF_REACH: ReadonlySet<string> = new Set(["data-on-node", "data-unsure", "data-gated"]);

/** Variables that say where data comes from. Rows are read with the node's own, not with those of a stage. */
const SOURCE_VARIABLES =
  /^(HF_|HUGGING|TRANSFORMERS_OFFLINE$|XDG_CACHE_HOME$|SSL_CERT|REQUESTS_CA|CURL_CA|PYTHONPATH$)|_PROXY$/i;

/** What the stages read of a hub or on the node, each once: what was uploaded is known here. */
export function namesOnNode({ stages }: RunParameters): string[] {
  const names = STAGE_KINDS.flatMap((kind) => namesOf(stages[kind]));
  return [...new Set(names)].filter((name) => name.trim() !== "" && !name.startsWith("dataset:"));
}

/** A folder on the node; local/jsonfile is one of the application. */
export function isFolderName(name: string): boolean {
  return name.startsWith("/") || name.startsWith("~/") || name === "local/jsonfile";
}

/** How old rows that were read may be to be judged again. */
export function rowsKeptSeconds(name: string, { hadErrors }: { hadErrors: boolean }): number {
  if (isFolderName(name)) return KEPT_SECONDS.folder;
  return hadErrors ? TROUBLE_KEPT_SECONDS : KEPT_SECONDS.hub;
}

/**
 * Data whose first rows the node can read, by what it has found just now. Not a hub's where a stage that reads it has
 * variables of its own for that: it may get what the node by itself does not.
 */
export function readableNames(parameters: RunParameters, found: readonly Finding[]): string[] {
  const away = new Set(found.flatMap(({ id, about }) => (OUT_OF_REACH.has(id) ? (about ?? []) : [])));
  const stages = Object.values(parameters.stages).filter(({ env }) =>
    Object.keys(env).some((name) => SOURCE_VARIABLES.test(name)),
  );
  const special = new Set(stages.flatMap(namesOf));
  return namesOnNode(parameters).filter(
    (name) => !away.has(name) && (isFolderName(name) || !special.has(name)),
  );
}

function namesOf({ fields }: RunParameters["stages"]["sft"]): string[] {
  return DATA_FIELDS.flatMap((field) => {
    const value = fields[field];
    return Array.isArray(value) ? value : [];
  });
}
