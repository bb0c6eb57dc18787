import type { StageParameters } from "../contracts/recipes";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { effectiveValue } from "../recipes";
import type { Work } from "./time";

/** Rows of the training split, as the hub lists them. */
const ROWS: Readonly<Record<string, number>> = {
  "Dahoas/rm-static": 76_256,
  "Dahoas/full-hh-rlhf": 112_052,
  "Dahoas/synthetic-instruct-gptj-pairwise": 33_143,
  "yitingxie/rlhf-reward-datasets": 76_256,
  "openai/webgpt_comparisons": 19_578,
  "stanfordnlp/SHP": 348_718,
};

export interface StageWork extends Omit<Work, "samples"> {
  /** null: how large the data is cannot be told. */
  samples: number | null;
  /** Two stages with equal keys see the same samples. */
  dataKey: string;
}

/** How much a stage has to do by its fields; its share of each data set is the stage's number in data_split. */
export function workOf(stage: StageKind, parameters: StageParameters): StageWork {
  const value = (name: string) => effectiveValue(stage, parameters, name);
  const count = (name: string) => Math.max(0, Number(value(name)) || 0);
  const paths = value("data_path");
  const sets = Array.isArray(paths) ? paths : [];
  const only = value("sft_only_data_path");
  const extra = stage === "sft" && Array.isArray(only) ? only : [];
  const share = shareOf(stage, String(value("data_split") ?? ""));
  const rows = [...sets, ...extra].map((name) => ROWS[name]);
  const known = rows.length > 0 && share !== null ? sumOf(rows) : null;
  const length =
    stage === "ppo" ? count("max_prompt_seq_len") + count("max_answer_seq_len") : count("max_seq_len");
  return {
    samples: known === null || share === null ? null : Math.round(known * share),
    epochs: count("num_train_epochs"),
    length,
    dataKey: JSON.stringify([sets, extra, share]),
  };
}

/** null as soon as one size is not known. */
function sumOf(rows: readonly (number | undefined)[]): number | null {
  return rows.reduce<number | null>(
    (sum, size) => (sum === null || size === undefined ? null : sum + size),
    0,
  );
}

/** "2,4,4" gives the three stages 0.2, 0.4 and 0.4 of every data set (data_utils.py). null: no three numbers. */
function shareOf(stage: StageKind, split: string): number | null {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const own = parts[STAGE_KINDS.indexOf(stage)];
  return parts.length === 3 && own !== undefined && total > 0 ? own / total : null;
}
