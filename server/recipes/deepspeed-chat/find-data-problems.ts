import { parseDataSetReference } from "../../contracts/data-facts";
import type { StageParameters } from "../../contracts/recipes";
import type { Finding, RunParameters } from "../../contracts/runs";
import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "../../contracts/statuses";
import { effectiveValue } from "./effective-value";
import { DATA_SETS_WITHOUT_PAIRS } from "./known-data-sets";
import { LOCAL, localSourceOf, namesOf, type UploadedData } from "./resolve-data";

/** What is wrong or doubtful about the data of a run. Rules of data_utils.py; paths are `stages.<kind>.fields.…`. */
export function findDataProblems(parameters: RunParameters, uploaded: readonly UploadedData[]): Finding[] {
  const own = STAGE_KINDS.flatMap((stage) => localProblems(stage, parameters.stages[stage], uploaded));
  return [...hubProblems(parameters), ...own];
}

function hubProblems({ stages }: RunParameters): Finding[] {
  const findings: Finding[] = [];
  const sets = effectiveValue("reward", stages.reward, "data_path");
  const lacking = Array.isArray(sets) ? sets.filter((set) => DATA_SETS_WITHOUT_PAIRS.has(set)) : [];
  if (Array.isArray(sets) && lacking.length > 0) {
    const isAll = lacking.length === sets.length;
    findings.push({
      severity: isAll ? "error" : "warning",
      path: "stages.reward.fields.data_path",
      message: `${lacking.join(", ")} ${lacking.length === 1 ? "has" : "have"} no rejected answers: the reward model learns nothing from ${lacking.length === 1 ? "it" : "them"}.`,
    });
  }
  const reward = effectiveValue("reward", stages.reward, "data_split");
  const ppo = effectiveValue("ppo", stages.ppo, "data_split");
  if (reward !== ppo) {
    findings.push({
      severity: "warning",
      path: "stages.ppo.fields.data_split",
      message: `The reward model splits its data ${reward}, PPO ${ppo}: PPO will see prompts that the reward model was trained on.`,
      fix: { label: `Use ${reward} in PPO`, path: "stages.ppo.fields.data_split", value: reward },
    });
  }
  return findings;
}

function localProblems(
  stage: StageKind,
  parameters: StageParameters,
  uploaded: readonly UploadedData[],
): Finding[] {
  const path = `stages.${stage}.fields.data_path`;
  const named = namesOf(effectiveValue(stage, parameters, "data_path"));
  const all = [...new Set([...named, ...namesOf(parameters.fields.sft_only_data_path)])];
  const local = all.filter((name) => name === LOCAL || localSourceOf(name) !== null);
  const known = new Map(uploaded.map((set) => [set.reference, set]));
  const gone = all.filter((name) => parseDataSetReference(name) !== null && !known.has(name));
  const findings: Finding[] = gone.map((name) => ({
    severity: "error",
    path,
    message: `There is no uploaded data set ${name.slice("dataset:".length)}. It may have been deleted: choose another.`,
  }));
  if (local.length > 1) {
    findings.push({
      severity: "error",
      path,
      message: `DeepSpeed-Chat reads one local data set a stage, and these are ${local.length}: ${local.join(", ")}. Upload their rows as one file, or choose one.`,
    });
  }
  const sets = named.flatMap((name) => known.get(name) ?? []);
  return [
    ...findings,
    ...sets.flatMap((set) => pairProblems(stage, set)),
    ...sets.flatMap((set) => shareProblems(stage, parameters, set)),
    ...folderNotes(path, all),
  ];
}

const WHY_PAIRS = {
  reward: "the reward model learns by comparing a chosen with a rejected answer",
  ppo: "PPO trains on the share of the data that follows the reward model's, which these rows cannot train",
} as const;

function pairProblems(stage: StageKind, { reference, hasPairs }: UploadedData): Finding[] {
  if (hasPairs) return [];
  const path = `stages.${stage}.fields.data_path`;
  const name = reference.slice("dataset:".length);
  if (stage === "sft") {
    const message = `${name} has single answers: its rows go to --sft_only_data_path, all of them, whatever the split says.`;
    return [{ severity: "note", path, message }];
  }
  const message = `${name} has single answers, and ${WHY_PAIRS[stage]}. Choose data with rejected answers; use this for ${STAGE_LABEL.sft.toLowerCase()}.`;
  return [{ severity: "error", path, message }];
}

const PHASE: Record<StageKind, number> = { sft: 0, reward: 1, ppo: 2 };

/** A stage whose share of either part is empty ends with an exception. */
function shareProblems(
  stage: StageKind,
  parameters: StageParameters,
  { reference, hasPairs, trainCount, evalCount }: UploadedData,
): Finding[] {
  const split = String(effectiveValue(stage, parameters, "data_split"));
  if (!hasPairs) return [];
  const lacking = [
    { part: "training", count: trainCount },
    { part: "evaluation", count: evalCount },
  ].filter(({ count }) => shareOf(count, { split, phase: PHASE[stage] }) === 0);
  return lacking.map(({ part, count }) => ({
    severity: "error",
    path: `stages.${stage}.fields.data_split`,
    message: `Of the ${count} ${part} rows of ${reference.slice("dataset:".length)} the split ${split} leaves none for this stage. Change the split, or upload with another share for evaluation.`,
  }));
}

/** How many rows a phase gets: get_raw_dataset_split_index of data_utils.py. NaN for a split that is none. */
function shareOf(count: number, { split, phase }: { split: string; phase: number }): number {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const ends = [0];
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + Math.round((part / total) * count));
  const excess = (ends.at(-1) ?? 0) - count;
  const from = phase === 0 ? 0 : (ends[phase] ?? 0) - excess;
  return Math.max(0, (ends[phase + 1] ?? 0) - excess - from);
}

function folderNotes(path: string, names: readonly string[]): Finding[] {
  return names
    .filter((name) => localSourceOf(name)?.type === "directory")
    .map((name) => ({
      severity: "note",
      path,
      message: `${name} has to hold train.json and eval.json on the node, one object a line with prompt, chosen and rejected.`,
    }));
}
