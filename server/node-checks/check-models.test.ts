import { expect, it } from "vitest";
import type { FoundModel, NodeAnswer } from "../contracts/node-checks";
import { HIDDEN_VALUE } from "../contracts/secrets";
import {
  ABSENT,
  foundModel,
  hubAnswer,
  nodeAnswer,
  nodeCheckFacts,
  OPT,
  opt13b,
} from "../testing/node-check-facts";
import { checkModels } from "./check-models";

const SFT = "stages.sft.fields.model_name_or_path";
const FOLDER = "/models/opt";

function check(answer: Partial<NodeAnswer>, options: { model?: string; env?: Record<string, string> } = {}) {
  const parameters = opt13b({ model_name_or_path: options.model ?? OPT }, options.env);
  return checkModels(nodeCheckFacts({ parameters, answers: [nodeAnswer(answer)] }));
}
/** The first finding of the SFT model, as one line. */
function said(...parameters: Parameters<typeof check>): string | undefined {
  const finding = check(...parameters).findings.find(({ path }) => path === SFT);
  return finding && `${finding.severity} ${finding.id}: ${finding.message}`;
}

it("says what is in order, once for both stages", () => {
  expect(check({})).toEqual({
    findings: [],
    checked: [`${OPT} is in the Hugging Face cache of gpu-1, with its tokenizer (2.5 GiB).`],
  });
});

it.each<[string, Partial<FoundModel>, Partial<NodeAnswer>, string]>([
  [
    "absent, the hub has it",
    ABSENT,
    { hub: [hubAnswer()] },
    `note model-download: ${OPT} is not in the Hugging Face cache of gpu-1: the run downloads about 2.6 GiB first.`,
  ],
  [
    "a size that the hub does not tell: two bytes a weight",
    ABSENT,
    { hub: [hubAnswer({ bytes: null })] },
    `note model-download: ${OPT} is not in the Hugging Face cache of gpu-1: the run downloads about 2.5 GiB first.`,
  ],
  [
    "cut off",
    { weights: null, tokenizer: null, incompleteKiB: 700 * 1024 },
    { hub: [hubAnswer()] },
    `note model-download: ${OPT} is without weights and its tokenizer (a download that was cut off left 700 MiB) in the Hugging Face cache of gpu-1: the run downloads about 2.6 GiB first.`,
  ],
  [
    "offline",
    ABSENT,
    { isOffline: true },
    `error model-on-node: ${OPT} is not in the Hugging Face cache of gpu-1, and offline mode is on (HF_HUB_OFFLINE). Copy it there, name a folder, or turn offline mode off.`,
  ],
  [
    "offline and not whole",
    { missing: "model-00002-of-00002.safetensors" },
    { isOffline: true },
    `error model-on-node: ${OPT} is without model-00002-of-00002.safetensors in the Hugging Face cache of gpu-1, and offline mode is on (HF_HUB_OFFLINE). Copy it there, name a folder, or turn offline mode off.`,
  ],
  [
    "unreachable",
    ABSENT,
    { hub: [hubAnswer({ status: null, failure: "timed out" })] },
    `error model-on-node: ${OPT} is not in the Hugging Face cache of gpu-1, and https://huggingface.co cannot be reached from there: timed out. Prepare the node with this model, name a folder, or set a proxy in the node's variables.`,
  ],
  [
    "unknown to the hub",
    ABSENT,
    { hub: [hubAnswer({ status: 401 })] },
    `error model-on-node: ${OPT} is not in the Hugging Face cache of gpu-1, and https://huggingface.co has no such model, or shows it only with a token. Check the name, or set HF_TOKEN in the node's variables.`,
  ],
  [
    "not shown to the token",
    ABSENT,
    { hasToken: true, hub: [hubAnswer({ status: 404 })] },
    `error model-on-node: ${OPT} is not in the Hugging Face cache of gpu-1, and https://huggingface.co shows no such model to the node's token. Check the name and the token's rights.`,
  ],
  [
    "a hub in trouble",
    ABSENT,
    { hub: [hubAnswer({ status: 503 })] },
    `warning model-unsure: ${OPT} is not in the Hugging Face cache of gpu-1, and https://huggingface.co answers with HTTP 503 now. It has to be downloaded first.`,
  ],
  [
    "nobody could ask",
    ABSENT,
    {},
    `warning model-unsure: ${OPT} is not in the Hugging Face cache of gpu-1, and nobody could ask the hub: there is no Python. It has to be downloaded first.`,
  ],
  [
    "gated, without a token",
    ABSENT,
    { hub: [hubAnswer({ isGated: true })] },
    `warning model-gated: ${OPT} is gated: the hub gives it only to accounts that accepted its terms, and gpu-1 has no token. Set HF_TOKEN in the node's variables.`,
  ],
  [
    "gated, with a token",
    ABSENT,
    { hasToken: true, hub: [hubAnswer({ isGated: true })] },
    `note model-download: ${OPT} is not in the Hugging Face cache of gpu-1: the run downloads about 2.6 GiB first.`,
  ],
])("a name of the hub: %s", (_what, model, answer, expected) => {
  expect(said({ models: [foundModel(model)], ...answer })).toBe(expected);
});

it("does not refuse a clone whose own token is stored where this question cannot see it", () => {
  const answer = { models: [foundModel(ABSENT)], hub: [hubAnswer({ status: 401 })] };
  expect(said(answer, { env: { HF_TOKEN: HIDDEN_VALUE } })).toMatch(
    /^warning model-unsure: .*only the run's own token/,
  );
});

it("says an error at each field, and what is good to know once", () => {
  const paths = (answer: Partial<NodeAnswer>) => check(answer).findings.map(({ path }) => path);
  const models = [foundModel(ABSENT)];
  expect(paths({ models, isOffline: true })).toEqual([SFT, "stages.reward.fields.model_name_or_path"]);
  expect(paths({ models, hub: [hubAnswer()] })).toEqual([SFT]);
});

it.each<[string, Partial<FoundModel>, string]>([
  ["absent", ABSENT, `gpu-1 has no directory ${FOLDER}.`],
  [
    "a file",
    { ...ABSENT, state: "no_directory" },
    `${FOLDER} on gpu-1 is a file. Name the directory that holds config.json.`,
  ],
  ["closed", { ...ABSENT, state: "closed" }, `ada may not read ${FOLDER} on gpu-1.`],
  [
    "no configuration",
    { hasConfig: false },
    `${FOLDER} holds no config.json that can be read, so it is no model.`,
  ],
  [
    "no weights",
    { weights: null },
    `${FOLDER} holds no weights: neither safetensors nor pytorch_model.bin, whole or in parts.`,
  ],
  [
    "a part is gone",
    { missing: "b.bin" },
    `${FOLDER} is not whole: b.bin is missing, empty or may not be read.`,
  ],
])("a directory: %s", (_what, changes, message) => {
  const model = foundModel({ name: FOLDER, kind: "path", directory: FOLDER, ...changes });
  expect(said({ models: [model] }, { model: FOLDER })).toBe(`error model-on-node: ${message}`);
});

it("wants a tokenizer in the directory, unless config.json names another", () => {
  const model = foundModel({ name: FOLDER, kind: "path", directory: FOLDER, tokenizer: null });
  const named = foundModel({ role: "tokenizer", owner: FOLDER, name: OPT });
  const told = `DeepSpeed-Chat takes the tokenizer of ${FOLDER} from ${OPT}, the _name_or_path in its config.json`;
  const ask = (...models: FoundModel[]) => said({ models: [model, ...models] }, { model: FOLDER });
  expect(ask()).toMatch(/^error tokenizer-on-node: .*holds no tokenizer/);
  expect(ask(named)).toBeUndefined();
  const asked = (answer: Partial<NodeAnswer>) =>
    said({ models: [model, { ...named, ...ABSENT }], ...answer }, { model: FOLDER });
  expect(asked({ hub: [hubAnswer()] })).toBe(`note tokenizer-download: ${told}, and downloads it first.`);
  expect(asked({ isOffline: true })).toContain(`error tokenizer-on-node: ${told}: offline mode is on`);
  expect(asked({ hub: [hubAnswer({ status: 401 })] })).toContain("Remove that line from config.json");
  const moved = { ...named, ...ABSENT, kind: "path" as const, name: "/old/opt" };
  expect(ask(moved)).toContain("from /old/opt, the _name_or_path in its config.json: there is no tokenizer.");
});

it("gives a path with ~ in full, which the program does not do", () => {
  const model = foundModel({ name: "~/opt", kind: "path", directory: "/home/ada/opt" });
  const [finding] = check({ models: [model] }, { model: "~/opt" }).findings;
  expect(finding).toMatchObject({
    id: "model-path-relative",
    severity: "error",
    fix: { label: "Use /home/ada/opt", changes: [{ path: SFT, value: "/home/ada/opt" }] },
  });
  expect(check({ models: [] }, { model: "./opt" }).findings[0]).not.toHaveProperty("fix");
});
