import type { DataPart } from "../contracts/data-facts";
import type { PreviewPart, PreviewProblem, RawPart } from "../contracts/data-previews";
import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "../contracts/statuses";

const PART_LABEL: Record<DataPart, string> = { train: "training", eval: "evaluation" };
const NEEDS = {
  sft: "a prompt and a chosen answer",
  reward: "a prompt, a chosen and a rejected answer",
  ppo: "a prompt",
} as const satisfies Record<StageKind, string>;

/**
 * What each stage would make of the rows that were read (create_dataset_split of dschat/utils/data/data_utils.py): a row
 * without its texts is left out, an exception ends the stage. Stages with the same trouble share a problem. Pure.
 */
export function judgeRows(parts: readonly (RawPart | PreviewPart)[]): PreviewProblem[] {
  const problems = parts.flatMap((part) => STAGE_KINDS.flatMap((stage) => judgeStage(part, stage)));
  const merged = new Map<string, PreviewProblem>();
  for (const problem of problems) {
    const key = `${problem.code} ${problem.part} ${problem.message}`;
    const same = merged.get(key);
    if (same) same.stages.push(...problem.stages);
    else merged.set(key, problem);
  }
  return ofBothParts([...merged.values()]);
}

/** True of every row: what both parts lack in the same words is one trouble. */
const OF_ALL_ROWS = new Set(["column_missing", "no_rejected_answers", "no_usable_rows"]);

function ofBothParts(problems: readonly PreviewProblem[]): PreviewProblem[] {
  const told = new Map<string, PreviewProblem>();
  for (const problem of problems) {
    const message = problem.message.replace(/\b(training|evaluation) rows/, "training and evaluation rows");
    const isOfAll = OF_ALL_ROWS.has(problem.code);
    const key = `${problem.code} ${problem.stages} ${isOfAll ? message : problem.message}`;
    told.set(key, isOfAll && told.has(key) ? { ...problem, part: null, message } : problem);
  }
  return [...told.values()];
}

function judgeStage(part: RawPart | PreviewPart, stage: StageKind): PreviewProblem[] {
  const { rows } = part;
  if (rows.length === 0) return [];
  const common = { part: part.part, stages: [stage], instead: null };
  const ending = rows.find(({ uses }) => typeof uses[stage] === "string");
  if (ending) {
    return [
      { ...common, severity: "error", ...endingProblem(part, String(ending.uses[stage]), ending.place) },
    ];
  }
  const left = rows.filter(({ uses }) => uses[stage] === false);
  if (left.length === 0) return [];
  const which = `${part.isWhole ? "the" : "the first"} ${rows.length} ${PART_LABEL[part.part]} rows`;
  if (left.length === rows.length) {
    const answers = rows.every(({ rejected }) => rejected === null) && stage === "reward";
    return [
      {
        ...common,
        code: answers ? "no_rejected_answers" : "no_usable_rows",
        severity: "error",
        message: answers
          ? `None of ${which} has a rejected answer, and the reward model learns by comparing two.`
          : `None of ${which} has ${NEEDS[stage]}: ${STAGE_LABEL[stage]} gets nothing of them.`,
        hint: answers
          ? "Use it for supervised fine-tuning, and data with rejected answers here."
          : "Fill in the texts, or choose other data.",
      },
    ];
  }
  return [
    {
      ...common,
      code: "rows_left_out",
      severity: "warning",
      message: `${left.length} of ${which} lack ${NEEDS[stage]} and are left out, ${left[0]?.place} first.`,
      hint: null,
    },
  ];
}

type Said = Pick<PreviewProblem, "code" | "message" | "hint">;

function endingProblem(part: RawPart | PreviewPart, exception: string, place: string): Said {
  const label = PART_LABEL[part.part];
  const column = /^KeyError: '(.*)'$/.exec(exception)?.[1];
  if (column !== undefined) {
    return {
      code: column === "rejected" ? "no_rejected_answers" : "column_missing",
      message: `The ${label} rows have no column ${column}, only ${part.columns.join(", ")}: the stage ends with a KeyError.`,
      hint:
        column === "rejected"
          ? "Use it for supervised fine-tuning, and data with rejected answers here."
          : `Name the column ${column}, or upload the file, where columns can be chosen.`,
    };
  }
  return {
    code: "row_ends_training",
    message: `The stage ends at ${place} of the ${label} rows: ${exception}.`,
    hint: "Correct the row or remove it: a text is expected.",
  };
}
