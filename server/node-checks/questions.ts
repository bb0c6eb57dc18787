import { type NodeQuestion, WRITTEN_VARIABLES } from "../contracts/node-checks";
import type { FieldValue } from "../contracts/recipes";
import type { RunParameters } from "../contracts/runs";
import { HIDDEN_VALUE } from "../contracts/secrets";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { applicationDirectory, effectiveValue, hubDataOf, LOCAL, localSourceOf } from "../recipes";

/** Where models come from: huggingface_hub/constants.py and what Python's urllib and requests read of proxies. */
const HUB_VARIABLES = [
  "HF_HOME",
  "HF_HUB_CACHE",
  "HUGGINGFACE_HUB_CACHE",
  "XDG_CACHE_HOME",
  "HF_HUB_OFFLINE",
  "TRANSFORMERS_OFFLINE",
  "HF_DATASETS_OFFLINE",
  "HF_ENDPOINT",
  "HF_TOKEN",
  "HUGGING_FACE_HUB_TOKEN",
  "HF_TOKEN_PATH",
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
];

/** What one stage needs, and which of the questions asks for it. */
export interface StageNeed {
  stage: StageKind;
  /** Index into the questions. */
  question: number;
  /** As it was typed; null: the stage starts from the checkpoints of others, or names none. */
  model: string | null;
  /** As they were typed, with where the node looks. */
  folders: { name: string; path: string; kind: "rows" | "saved"; field: string }[];
  /** Data sets of a hub, with what load_dataset is asked for. */
  dataSets: { name: string; repository: string; field: string }[];
  /** A clone's token is stored, and not shown to this question. */
  hasHiddenToken: boolean;
}

export interface AskedNode {
  isPractice: boolean;
  examplesDirectory: string;
  env: Readonly<Record<string, string>>;
}

/** What to ask a node about a run: stages with equal variables in one question. Pure. */
export function buildQuestions(
  { stages }: RunParameters,
  node: AskedNode,
): { questions: NodeQuestion[]; needs: StageNeed[] } {
  const questions: NodeQuestion[] = [];
  const needs = STAGE_KINDS.map((stage): StageNeed => {
    const variables = { ...node.env, ...stages[stage].env };
    const env = pickVariables(variables);
    const model = node.isPractice ? null : modelOf(stage, stages[stage].fields);
    const isModelPath = model !== null && /^(?:[/~]|\.\.?(?:\/|$))/.test(model);
    const names = dataNames(stage, stages[stage]);
    const folders = names.flatMap((named) => foldersOf(named, node));
    const dataSets = node.isPractice ? [] : [...names, ...unsupervised(stages[stage])].flatMap(hubDataSets);
    const known = questions.find((one) => sameVariables(one.env, env));
    const asked = known ?? { env, modelPaths: [], modelNames: [], folders: [], dataSets: [] };
    if (!known) questions.push(asked);
    // A relative path is told from its name alone.
    if (model !== null && !model.startsWith("."))
      add(isModelPath ? asked.modelPaths : asked.modelNames, model);
    for (const { path } of folders) add(asked.folders, path);
    for (const { repository } of dataSets) add(asked.dataSets, repository);
    const isHidden = (name: string) => variables[name] === HIDDEN_VALUE;
    const hasHiddenToken = isHidden("HF_TOKEN") || isHidden("HUGGING_FACE_HUB_TOKEN");
    return { stage, question: questions.indexOf(asked), model, folders, dataSets, hasHiddenToken };
  });
  return { questions, needs };
}

function pickVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    [...HUB_VARIABLES, ...WRITTEN_VARIABLES].flatMap((name) => {
      const value = env[name];
      return value === undefined || value === HIDDEN_VALUE ? [] : [[name, value]];
    }),
  );
}

function sameVariables(one: Record<string, string>, other: Record<string, string>): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function modelOf(stage: StageKind, fields: Readonly<Record<string, FieldValue>>): string | null {
  const name = stage === "ppo" ? null : fields.model_name_or_path;
  return typeof name === "string" && isAskable(name) ? name : null;
}

interface NamedData {
  name: string;
  /** data_path, or the field that names it. */
  field: string;
}

function dataNames(stage: StageKind, parameters: RunParameters["stages"]["sft"]): NamedData[] {
  const lists = {
    data_path: effectiveValue(stage, parameters, "data_path"),
    sft_only_data_path: parameters.fields.sft_only_data_path,
  };
  return Object.entries(lists).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : []).filter(isAskable).map((name) => ({ name, field })),
  );
}

/** Text that PPO may learn to go on with, beside its prompts: both fields together turn it on. */
function unsupervised({ fields }: RunParameters["stages"]["ppo"]): NamedData[] {
  const { unsupervised_dataset_name: name, unsupervised_dataset_config_name: config } = fields;
  return typeof name === "string" && config && isAskable(name)
    ? [{ name, field: "unsupervised_dataset_name" }]
    : [];
}

function foldersOf({ name, field }: NamedData, node: AskedNode): StageNeed["folders"] {
  if (name === LOCAL) {
    const path = `${applicationDirectory(node.examplesDirectory)}/data`;
    return [{ name, path, kind: "rows", field }];
  }
  const source = localSourceOf(name);
  if (source?.type === "directory") return [{ name, path: source.path, kind: "rows", field }];
  // The name of a hub's data set is in it: what save_to_disk wrote.
  return source === null && name.startsWith("/") ? [{ name, path: name, kind: "saved", field }] : [];
}

function hubDataSets({ name, field }: NamedData): StageNeed["dataSets"] {
  const repository = hubDataOf(name);
  return repository === null ? [] : [{ name, repository, field }];
}

/** What is empty or cannot be a word is refused at its field already. */
function isAskable(name: string): boolean {
  return name.trim() !== "" && name.length <= 4096 && !/[\0\n\r\t]/.test(name);
}

function add(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value);
}
