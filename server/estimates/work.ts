import type { StageParameters } from "../contracts/recipes";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { effectiveValue, type UploadedData } from "../recipes";
import { TRAIN_ROWS } from "../recipes/deepspeed-chat/known-data-sets";
import type { Work } from "./time";

export interface StageWork extends Omit<Work, "samples"> {
  /** null: how large the data is cannot be told. */
  samples: number | null;
  /** Two stages with equal keys see the same samples. */
  dataKey: string;
}

/**
 * How much a stage has to do by its fields; its share of each data set is the stage's number in data_split. What only
 * supervised fine-tuning reads it reads whole (split 10,0,0 in data_utils.py).
 */
export function workOf(
  stage: StageKind,
  parameters: StageParameters,
  uploaded: readonly UploadedData[] = [],
): StageWork {
  const value = (name: string) => effectiveValue(stage, parameters, name);
  const count = (name: string) => Math.max(0, Number(value(name)) || 0);
  const paths = value("data_path");
  const sets = Array.isArray(paths) ? paths : [];
  const only = value("sft_only_data_path");
  const extra = stage === "sft" && Array.isArray(only) ? only : [];
  const share = shareOf(stage, String(value("data_split") ?? ""));
  const rowsOf = (name: string) => {
    const own = uploaded.find(({ reference }) => reference === name);
    const rows = own?.trainCount ?? TRAIN_ROWS[name];
    if (rows === undefined || share === null) return null;
    const isWhole = extra.includes(name) || own?.hasPairs === false;
    return rows * (isWhole ? 1 : share);
  };
  const samples = [...new Set([...sets, ...extra])].map(rowsOf);
  const length =
    stage === "ppo" ? count("max_prompt_seq_len") + count("max_answer_seq_len") : count("max_seq_len");
  return {
    samples: samples.length === 0 ? null : sumOf(samples),
    epochs: count("num_train_epochs"),
    length,
    dataKey: JSON.stringify([sets, extra, share]),
  };
}

/** null as soon as one size is not known. */
function sumOf(sizes: readonly (number | null)[]): number | null {
  const known = sizes.filter((size) => size !== null);
  return known.length < sizes.length ? null : Math.round(known.reduce((sum, size) => sum + size, 0));
}

/** "2,4,4" gives the three stages 0.2, 0.4 and 0.4 of every data set (data_utils.py). null: no three numbers. */
function shareOf(stage: StageKind, split: string): number | null {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const own = parts[STAGE_KINDS.indexOf(stage)];
  return parts.length === 3 && own !== undefined && total > 0 ? own / total : null;
}
