import { type DataPart, findingIdOf } from "../../../contracts/data-facts";
import type { DataPreview, PreviewPart, PreviewProblem } from "../../../contracts/data-previews";
import type { Finding, RunParameters } from "../../../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../../../contracts/statuses";
import { effectiveValue } from "../effective-value";
import { namesOf } from "../resolve-data";
import { fieldPath, setField } from "./rule";
import { phaseRows } from "./stage-data";

/** From here on it is most of the data. */
const MOST = 0.5;
const LENGTHS = [128, 256, 512, 1024, 2048, 4096] as const;
const PART_LABEL: Record<DataPart, string> = { train: "training", eval: "evaluation" };

type Preview = Pick<DataPreview, "name" | "parts" | "problems">;
interface Use {
  stage: StageKind;
  parameters: RunParameters;
  preview: Preview;
  /** data_path, or sft_only_data_path. */
  field: string;
}

/**
 * What the rows that a node showed mean for a run: whether its stages can read them (create_dataset of
 * dschat/utils/data/data_utils.py), and how many fit its lengths. Previews of data that no stage names say nothing. Pure.
 */
export function findPreviewProblems(parameters: RunParameters, previews: readonly Preview[]): Finding[] {
  return STAGE_KINDS.flatMap((stage) =>
    usesOf(stage, parameters, previews).flatMap((use) => [
      ...use.preview.problems
        .filter(({ stages }) => stages.includes(stage))
        .map((problem) => finding(use, problem)),
      ...lengthProblems(use),
      ...splitProblems(use),
    ]),
  );
}

function usesOf(stage: StageKind, parameters: RunParameters, previews: readonly Preview[]): Use[] {
  const fields = stage === "sft" ? ["data_path", "sft_only_data_path"] : ["data_path"];
  return fields.flatMap((field) => {
    const names = namesOf(effectiveValue(stage, parameters.stages[stage], field));
    return previews
      .filter(({ name }) => names.includes(name))
      .map((preview) => ({ stage, parameters, preview, field }));
  });
}

function finding({ stage, parameters, preview, field }: Use, problem: PreviewProblem): Finding {
  const { code, severity, message, hint, instead } = problem;
  const path = fieldPath(stage, field);
  const names = namesOf(effectiveValue(stage, parameters.stages[stage], field));
  const others = names.filter((name) => name !== preview.name);
  const fix =
    instead !== null
      ? setField(
          `Use ${instead}`,
          path,
          names.map((name) => (name === preview.name ? instead : name)),
        )
      : others.length > 0 && severity === "error"
        ? setField(`Leave ${preview.name} out`, path, others)
        : null;
  return {
    ...{ id: findingIdOf(code), severity, stage, path, about: [preview.name] },
    message: [message, hint].filter((text) => text !== null).join(" "),
    ...(fix && { fix }),
  };
}

const LIMIT = {
  sft: { name: "max_seq_len", of: "sequenceTokens" },
  reward: { name: "max_seq_len", of: "sequenceTokens" },
  // create_dataset_split leaves out what is longer instead of cutting it.
  ppo: { name: "max_prompt_seq_len", of: "promptTokens" },
} as const;

function lengthProblems({ stage, parameters, preview }: Use): Finding[] {
  const { name, of } = LIMIT[stage];
  const limit = effectiveValue(stage, parameters.stages[stage], name);
  const part = preview.parts.find((one) => one.part === "train");
  if (typeof limit !== "number" || part === undefined || part.rows.length === 0) return [];
  const lengths = part.rows.map((row) => row[of]).toSorted((a, b) => a - b);
  const longer = lengths.filter((length) => length > limit).length;
  if (longer / lengths.length <= MOST) return [];
  const path = fieldPath(stage, name);
  const wanted = lengths[Math.ceil(lengths.length * 0.95) - 1] ?? 0;
  const better = LENGTHS.find((length) => length >= wanted && length > limit);
  const percent = Math.round((longer / lengths.length) * 100);
  const what = stage === "ppo" ? "prompts" : "rows, prompt with the longer answer,";
  const done = stage === "ppo" ? "PPO leaves them out" : "their end is cut off";
  return [
    {
      ...{ id: "data-too-long", severity: "warning", stage, path },
      message: `${percent} % of the ${rowsRead(part)} ${what} of ${preview.name} are longer than ${limit} tokens, by about four characters a token: ${done}.`,
      ...(better !== undefined && { fix: setField(`Set ${name} to ${better}`, path, better) }),
    },
  ];
}

function rowsRead({ rows, isWhole }: PreviewPart): string {
  return isWhole ? String(rows.length) : `first ${rows.length}`;
}

function splitProblems({ stage, parameters, preview, field }: Use): Finding[] {
  // --sft_only_data_path is read whole, whatever the split says.
  if (field !== "data_path") return [];
  const split = String(effectiveValue(stage, parameters.stages[stage], "data_split"));
  return preview.parts
    .filter(({ total, isTotalExact }) => isTotalExact && total !== null && total > 0)
    .filter(({ total }) => phaseRows(total ?? 0, { split, stage }) === 0)
    .map(({ part, total }) => ({
      ...{ id: "split-leaves-nothing", severity: "error", stage, path: fieldPath(stage, "data_split") },
      message: `Of the ${total} ${PART_LABEL[part]} rows of ${preview.name} the split ${split} leaves none for this stage. Change the split, or give it more rows.`,
    }));
}
