import { STAGE_KINDS, type StageKind } from "../../../contracts/statuses";
import { TRAIN_ROWS } from "../known-data-sets";
import { localSourceOf, namesOf } from "../resolve-data";
import type { RuleInput } from "./rule";

/** Data sets that the split divides among the stages, as the program will be told (see resolveData). */
export function dividedSets({ parameters, value, uploaded }: RuleInput, stage: StageKind): string[] {
  const { data_path: given, sft_only_data_path: only } = parameters.stages[stage].fields;
  const isSftOnly =
    Array.isArray(given) && given.length === 0 && namesOf(only).some((name) => localSourceOf(name) !== null);
  if (stage !== "sft") return namesOf(value(stage, "data_path"));
  if (isSftOnly) return [];
  const singles = new Set(uploaded.filter(({ hasPairs }) => !hasPairs).map(({ reference }) => reference));
  return namesOf(value(stage, "data_path")).filter((name) => !singles.has(name));
}

/**
 * How many of `count` rows the split gives a stage: get_raw_dataset_split_index of dschat/utils/data/data_utils.py,
 * which takes what rounding gave too much from the first phase. NaN for a split that is none.
 */
export function phaseRows(count: number, { split, stage }: { split: string; stage: StageKind }): number {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const phase = STAGE_KINDS.indexOf(stage);
  const ends = [0];
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + roundHalfToEven((part / total) * count));
  const excess = (ends.at(-1) ?? 0) - count;
  const from = phase === 0 ? 0 : (ends[phase] ?? 0) - excess;
  return Math.max(0, (ends[phase + 1] ?? 0) - excess - from);
}

/** As Python's round. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

/** The stage's part of the rows, from and to in 0 … 1. null for a split that is none. */
export function phaseShare(split: string, stage: StageKind): { from: number; to: number } | null {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const phase = STAGE_KINDS.indexOf(stage);
  const before = parts.slice(0, phase).reduce((sum, part) => sum + part, 0);
  const own = parts[phase];
  if (parts.length !== 3 || own === undefined || !(total > 0)) return null;
  return { from: before / total, to: (before + own) / total };
}

/** Training rows of a stage; PPO leaves out prompts that are too long. null: how large a data set is is not known. */
export function trainRows(input: RuleInput, stage: StageKind): number | null {
  const split = String(input.value(stage, "data_split"));
  const known = new Map(input.uploaded.map(({ reference, trainCount }) => [reference, trainCount]));
  const countOf = (name: string) => known.get(name) ?? TRAIN_ROWS[name];
  const divided = dividedSets(input, stage);
  const whole = wholeSets(input, stage);
  const rows = [
    ...divided.map((name) => phaseRows(countOf(name) ?? Number.NaN, { split, stage })),
    ...whole.map((name) => countOf(name) ?? Number.NaN),
  ];
  const sum = rows.reduce((total, count) => total + count, 0);
  return Number.isFinite(sum) && rows.length > 0 ? sum : null;
}

/** Data that supervised fine-tuning reads whole, whatever the split says. */
export function wholeSets({ parameters, value, uploaded }: RuleInput, stage: StageKind): string[] {
  if (stage !== "sft") return [];
  const singles = new Set(uploaded.filter(({ hasPairs }) => !hasPairs).map(({ reference }) => reference));
  const named = namesOf(value(stage, "data_path")).filter((name) => singles.has(name));
  return [...new Set([...namesOf(parameters.stages.sft.fields.sft_only_data_path), ...named])];
}
