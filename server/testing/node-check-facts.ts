import type { FoundModel, HubAnswer, NodeAnswer, NodePlace } from "../contracts/node-checks";
import { RunParameters } from "../contracts/runs";
import type { NodeCheckFacts } from "../node-checks/facts";
import { buildQuestions } from "../node-checks/questions";
import { listPresets } from "../recipes";

const GIB_IN_KIB = 1024 * 1024;
export const OPT = "facebook/opt-1.3b";

export function foundModel(changes: Partial<FoundModel> = {}): FoundModel {
  return {
    role: "model",
    name: OPT,
    kind: "hub",
    directory: "/home/ada/.cache/huggingface/hub/models--facebook--opt-1.3b/snapshots/5f0c",
    state: "there",
    hasConfig: true,
    weights: "model.safetensors",
    missing: null,
    weightsKiB: 2.5 * GIB_IN_KIB,
    tokenizer: "vocab.json",
    incompleteKiB: null,
    owner: null,
    ...changes,
  };
}
export const ABSENT = {
  state: "absent",
  hasConfig: false,
  weights: null,
  weightsKiB: null,
  tokenizer: null,
} as const satisfies Partial<FoundModel>;

export function hubAnswer(changes: Partial<HubAnswer> = {}): HubAnswer {
  return {
    kind: "models",
    name: OPT,
    isAsked: true,
    endpoint: "https://huggingface.co",
    status: 200,
    failure: null,
    isGated: false,
    bytes: 2.6 * 2 ** 30,
    preparedBytes: null,
    ...changes,
  };
}

export function nodePlace(changes: Partial<NodePlace> = {}): NodePlace {
  return {
    role: "work",
    path: "/home/ada/.trainyard",
    nearest: "/home/ada",
    mount: "/",
    totalKiB: 900 * GIB_IN_KIB,
    freeKiB: 500 * GIB_IN_KIB,
    isWritable: true,
    ...changes,
  };
}

export function nodeAnswer(changes: Partial<NodeAnswer> = {}): NodeAnswer {
  return {
    username: "ada",
    places: [nodePlace(), nodePlace({ role: "hub", path: "/home/ada/.cache/huggingface/hub" })],
    freePort: 21_234,
    isOffline: false,
    isDataOffline: false,
    hasToken: false,
    models: [foundModel()],
    folders: [],
    dataSets: [],
    hub: [],
    ...changes,
  };
}

/** A run of two OPT-1.3B, with these fields in every stage that has a model, and these variables in all. */
export function opt13b(
  fields: RunParameters["stages"]["sft"]["fields"] = {},
  env: Record<string, string> = {},
): RunParameters {
  const preset = listPresets("deepspeed-chat").find(({ isPractice }) => !isPractice);
  if (!preset) throw new Error("there is no preset for real nodes");
  const { sft, reward, ppo } = preset.stages;
  const own = { model_name_or_path: OPT, ...fields };
  return RunParameters.parse({
    stages: {
      sft: { ...sft, env, fields: { ...sft.fields, ...own } },
      reward: { ...reward, env, fields: { ...reward.fields, ...own } },
      ppo: { ...ppo, env },
    },
    evaluation: { prompts: ["Say hello."], settings: {} },
  });
}

type Changes = Partial<Omit<NodeCheckFacts, "node">> & { node?: Partial<NodeCheckFacts["node"]> };

/** Two GPUs that nobody uses, both models in the cache, room for all. */
export function nodeCheckFacts({ node = {}, ...changes }: Changes = {}): NodeCheckFacts {
  const parameters = changes.parameters ?? opt13b();
  const { isPractice = false, env = {} } = node;
  const examplesDirectory = "/home/ada/DeepSpeedExamples";
  const { questions, needs } = buildQuestions(parameters, { isPractice, env, examplesDirectory });
  return {
    node: {
      name: "gpu-1",
      isPractice,
      env,
      gpus: [0, 1].map((index) => ({ uuid: `GPU-${index}`, index })),
      ...node,
    },
    parameters,
    questions,
    needs,
    answers: questions.map(() => nodeAnswer()),
    checkpointBytes: { sft: 2.5 * 2 ** 30, reward: 2.5 * 2 ** 30, ppo: 5 * 2 ** 30 },
    foreignUse: new Map(),
    claimedUuids: new Set(),
    ...changes,
  };
}
