import { parseDataSetReference } from "../../../contracts/data-facts";
import { STAGE_KINDS, STAGE_LABEL, type StageKind } from "../../../contracts/statuses";
import { DATA_SETS_WITHOUT_PAIRS, KNOWN_DATA_SETS } from "../known-data-sets";
import { LOCAL, localSourceOf, namesOf } from "../resolve-data";
import { type Found, fieldPath, type Rule, type RuleInput, setField } from "./rule";

const WHY_PAIRS = {
  reward: "the reward model learns by comparing a chosen with a rejected answer",
  ppo: "PPO trains on the share of the data that follows the reward model's, which these rows cannot train",
} as const;

/** Which data sets a stage reads (get_raw_dataset and create_prompt_dataset of dschat/utils/data/data_utils.py). */
export const DATA_RULES: readonly Rule[] = [
  { id: "no-rejected-answers", check: noRejectedAnswers },
  { id: "unknown-data-set", check: (input) => STAGE_KINDS.flatMap((stage) => unknownNames(input, stage)) },
  {
    // An empty list gives no flag, and the program's default is a data set of the hub.
    id: "data-set-default",
    check: ({ parameters, value }) =>
      STAGE_KINDS.flatMap((stage): Found[] => {
        const { data_path: given, sft_only_data_path: only } = parameters.stages[stage].fields;
        const isCleared = Array.isArray(given) && given.length === 0;
        if (!isCleared || (stage === "sft" && namesOf(only).some(isLocal))) return [];
        const path = fieldPath(stage, "data_path");
        const names = namesOf(value(stage, "data_path"));
        const message = `No data set is chosen, so the program takes its own: ${names.join(", ")}.`;
        return [{ severity: "warning", path, message, fix: setField("Choose it", path, names) }];
      }),
  },
  {
    id: "data-set-gone",
    check: (input) =>
      perStage(input, ({ all, path, known }) =>
        all
          .filter((name) => parseDataSetReference(name) !== null && !known.has(name))
          .map((name) => ({
            severity: "error",
            path,
            message: `There is no uploaded data set ${name.slice("dataset:".length)}. It may have been deleted: choose another.`,
          })),
      ),
  },
  {
    id: "several-local-data-sets",
    check: (input) =>
      perStage(input, ({ all, path }) => {
        const local = all.filter(isLocal);
        if (local.length <= 1) return [];
        const message = `DeepSpeed-Chat reads one local data set a stage, and these are ${local.length}: ${local.join(", ")}. Upload their rows as one file, or choose one.`;
        return [{ severity: "error", path, message }];
      }),
  },
  {
    id: "single-answers",
    check: (input) =>
      perStage(input, ({ stage, path, paired }) =>
        paired
          .filter(({ hasPairs }) => !hasPairs)
          .map(({ reference }) => singleAnswers(stage, path, reference.slice("dataset:".length))),
      ),
  },
  {
    id: "data-folder",
    check: (input) =>
      perStage(input, ({ all, path }) =>
        all
          .filter((name) => localSourceOf(name)?.type === "directory")
          .map((name) => ({
            severity: "note",
            path,
            about: [name],
            message: `${name} has to hold train.json and eval.json on the node, one object a line with prompt, chosen and rejected.`,
          })),
      ),
  },
];

interface StageData {
  stage: StageKind;
  path: string;
  /** What data_path and sft_only_data_path name, each once. */
  all: readonly string[];
  /** Uploaded sets of data_path. */
  paired: RuleInput["uploaded"];
  known: ReadonlyMap<string, RuleInput["uploaded"][number]>;
}

function perStage({ parameters, value, uploaded }: RuleInput, find: (data: StageData) => Found[]): Found[] {
  const known = new Map(uploaded.map((set) => [set.reference, set]));
  return STAGE_KINDS.flatMap((stage) => {
    const named = namesOf(value(stage, "data_path"));
    const all = [...new Set([...named, ...namesOf(parameters.stages[stage].fields.sft_only_data_path)])];
    const paired = named.flatMap((name) => known.get(name) ?? []);
    return find({ stage, path: fieldPath(stage, "data_path"), all, paired, known });
  });
}

function isLocal(name: string): boolean {
  return name === LOCAL || localSourceOf(name) !== null;
}

/** get_raw_dataset compares parts of names and ends with a RuntimeError; the practice node has sets of its own. */
function unknownNames({ node, parameters, value }: RuleInput, stage: StageKind): Found[] {
  const isPractice = (name: string) => name.startsWith("practice/");
  const isKnown = (name: string) =>
    node.isPractice ||
    (!isPractice(name) && (isLocal(name) || KNOWN_DATA_SETS.some((known) => name.includes(known.name))));
  const lists = [
    { field: "data_path", names: namesOf(value(stage, "data_path")) },
    { field: "sft_only_data_path", names: namesOf(parameters.stages[stage].fields.sft_only_data_path) },
  ];
  return lists.flatMap(({ field, names }) => {
    const path = fieldPath(stage, field);
    const known = names.filter(isKnown);
    const isLast = known.length === 0 && field === "data_path";
    return names
      .filter((name) => !isKnown(name))
      .map((name) => ({
        severity: isPractice(name) ? "error" : "warning",
        path,
        about: [name],
        message: isPractice(name)
          ? `${name} exists on the practice node only.`
          : `DeepSpeed-Chat knows no data set ${name} and ends, unless raw_datasets.py on the node was given it.`,
        ...(!isLast && { fix: setField("Leave it out", path, known) }),
      }));
  });
}

function noRejectedAnswers({ value }: RuleInput): Found[] {
  const sets = namesOf(value("reward", "data_path"));
  const lacking = sets.filter((set) => DATA_SETS_WITHOUT_PAIRS.has(set));
  if (lacking.length === 0) return [];
  const [verb, them] = lacking.length === 1 ? ["has", "it"] : ["have", "them"];
  const path = fieldPath("reward", "data_path");
  const message = `${lacking.join(", ")} ${verb} no rejected answers: the reward model learns nothing from ${them}.`;
  const others = sets.filter((set) => !lacking.includes(set));
  if (others.length === 0) return [{ severity: "error", path, about: lacking, message }];
  return [
    { severity: "warning", path, about: lacking, message, fix: setField(`Leave ${them} out`, path, others) },
  ];
}

function singleAnswers(stage: StageKind, path: string, name: string): Found {
  if (stage === "sft") {
    const message = `${name} has single answers: its rows go to --sft_only_data_path, all of them, whatever the split says.`;
    return { severity: "note", path, message };
  }
  const message = `${name} has single answers, and ${WHY_PAIRS[stage]}. Choose data with rejected answers; use this for ${STAGE_LABEL.sft.toLowerCase()}.`;
  return { severity: "error", path, message };
}
