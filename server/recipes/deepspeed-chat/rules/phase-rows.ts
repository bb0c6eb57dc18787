import { STAGE_KINDS, type StageKind } from "../../../contracts/statuses";

/**
 * How many of `count` rows the split gives a stage: get_raw_dataset_split_index of dschat/utils/data/data_utils.py,
 * which takes what rounding gave too much from the first phase. NaN for a split that is none.
 */
export function phaseRows(count: number, { split, stage }: { split: string; stage: StageKind }): number {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const phase = STAGE_KINDS.indexOf(stage);
  const ends = [0];
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + Math.round((part / total) * count));
  const excess = (ends.at(-1) ?? 0) - count;
  const from = phase === 0 ? 0 : (ends[phase] ?? 0) - excess;
  return Math.max(0, (ends[phase + 1] ?? 0) - excess - from);
}
