import type { FoundModel, NodeAnswer } from "../contracts/node-checks";
import type { Finding } from "../contracts/runs";
import { found, kibibytes, type NodeCheckFacts, size, type Verdict } from "./facts";
import { hubAnswerOf, whyGated, whyNotFromHub, whyUnsure } from "./from-hub";
import type { StageNeed } from "./questions";

/** What a model or a tokenizer is judged by. */
interface Look {
  facts: NodeCheckFacts;
  need: StageNeed;
  answer: NodeAnswer;
  model: FoundModel;
  path: string;
}

/** Model and tokenizer of each stage that names one: on the node, or to be had from there. Pure. */
export function checkModels(facts: NodeCheckFacts): Verdict {
  const findings: Finding[] = [];
  const checked: string[] = [];
  for (const need of facts.needs) {
    if (need.model === null) continue;
    const path = `stages.${need.stage}.fields.model_name_or_path`;
    const relative = relativePath(facts, { need, path });
    const answer = facts.answers[need.question];
    const model = answer?.models.find(({ role, name }) => role === "model" && name === need.model);
    if (relative) findings.push(relative);
    if (relative || !answer || !model) continue;
    const look: Look = { facts, need, answer, model, path };
    const problems = model.kind === "path" ? checkDirectory(look) : checkHubModel(look);
    findings.push(...problems);
    if (problems.length === 0) checked.push(presence(look));
  }
  return { findings: once(findings), checked: [...new Set(checked)] };
}

/** The programs change into directories of their own, and Python expands no tilde. */
function relativePath(
  { node, answers }: NodeCheckFacts,
  { need, path }: { need: StageNeed; path: string },
): Finding | null {
  const name = need.model ?? "";
  const whole = answers[need.question]?.models.find((model) => model.name === name)?.directory;
  if (!/^[.~]/.test(name)) return null;
  const message = `${name}: the program takes it for a name of the hub, because Python expands no ~ and each stage runs in a directory of its own. Give the whole path on ${node.name}, from / on.`;
  const fix = whole?.startsWith("/") && {
    fix: { label: `Use ${whole}`, changes: [{ path, value: whole }] },
  };
  return found({ id: "model-path-relative", severity: "error", path, message, ...fix });
}

function presence({ facts, model }: Look): string {
  const amount = model.weightsKiB === null ? "" : ` (${size(kibibytes(model.weightsKiB))})`;
  return model.kind === "path"
    ? `${model.name} holds a model and its tokenizer${amount}.`
    : `${model.name} is in the Hugging Face cache of ${facts.node.name}, with its tokenizer${amount}.`;
}

function checkDirectory(look: Look): Finding[] {
  const { facts, answer, model, path } = look;
  const problem = directoryProblem(model, { nodeName: facts.node.name, username: answer.username });
  if (problem !== null) return [found({ id: "model-on-node", severity: "error", path, message: problem })];
  const tokenizer = answer.models.find(({ role, owner }) => role === "tokenizer" && owner === model.name);
  if (tokenizer) return checkNamedTokenizer(look, tokenizer);
  if (model.tokenizer !== null) return [];
  const message = `${model.name} holds no tokenizer: tokenizer.json, tokenizer.model, or vocab.json with merges.txt. Copy it there beside the weights.`;
  return [found({ id: "tokenizer-on-node", severity: "error", path, message })];
}

function directoryProblem(
  { name, state, hasConfig, weights, missing }: FoundModel,
  { nodeName, username }: { nodeName: string; username: string | null },
): string | null {
  switch (state) {
    case "absent":
      return `${nodeName} has no directory ${name}.`;
    case "no_directory":
      return `${name} on ${nodeName} is a file. Name the directory that holds config.json.`;
    case "closed":
      return `${username ?? "The user"} may not read ${name} on ${nodeName}.`;
    case "there":
      if (!hasConfig) return `${name} holds no config.json that can be read, so it is no model.`;
      if (weights === null)
        return `${name} holds no weights: neither safetensors nor pytorch_model.bin, whole or in parts.`;
      return missing === null
        ? null
        : `${name} is not whole: ${missing} is missing, empty or may not be read.`;
  }
}

/** load_hf_tokenizer of dschat/utils/utils.py goes by the name in config.json, whatever lies beside it. */
function checkNamedTokenizer(look: Look, tokenizer: FoundModel): Finding[] {
  const { answer, model, path, need } = look;
  const told = `DeepSpeed-Chat takes the tokenizer of ${model.name} from ${tokenizer.name}, the _name_or_path in its config.json`;
  if (tokenizer.hasConfig && tokenizer.tokenizer !== null) return [];
  const asError = (why: string) => [
    found({
      id: "tokenizer-on-node",
      severity: "error",
      path,
      message: `${told}: ${why} Remove that line from config.json to use the folder's own.`,
    }),
  ];
  if (tokenizer.kind === "path") return asError("there is no tokenizer.");
  const cannot = whyNotFromHub({ kind: "models", name: tokenizer.name }, { answer, need });
  if (cannot !== null) return asError(cannot);
  const message = `${told}, and downloads it first.`;
  return [found({ id: "tokenizer-download", severity: "note", path, message })];
}

function checkHubModel(look: Look): Finding[] {
  const { facts, need, answer, model, path } = look;
  if (isWhole(model)) return [];
  const where = `${model.name} is ${partOf(model)} the Hugging Face cache of ${facts.node.name}`;
  const wanted = { kind: "models", name: model.name } as const;
  const cannot = whyNotFromHub(wanted, { answer, need });
  if (cannot !== null)
    return [found({ id: "model-on-node", severity: "error", path, message: `${where}, and ${cannot}` })];
  const hub = hubAnswerOf(answer, wanted);
  const unsure = whyUnsure(hub, need);
  if (unsure !== null)
    return [found({ id: "model-unsure", severity: "warning", path, message: `${where}, and ${unsure}` })];
  const gated = whyGated(hub, { answer, need, nodeName: facts.node.name });
  if (gated !== null) return [found({ id: "model-gated", severity: "warning", path, message: gated })];
  const bytes = hub?.bytes ?? facts.checkpointBytes[need.stage];
  const amount = bytes === null ? "" : ` about ${size(bytes)}`;
  const message = `${where}: the run downloads${amount} first.`;
  return [found({ id: "model-download", severity: "note", path, message })];
}

export function isWhole({ hasConfig, weights, missing, tokenizer }: FoundModel): boolean {
  return hasConfig && weights !== null && missing === null && tokenizer !== null;
}

function partOf({ hasConfig, weights, missing, tokenizer, incompleteKiB }: FoundModel): string {
  const cut = incompleteKiB ? ` (a download that was cut off left ${size(kibibytes(incompleteKiB))})` : "";
  if (!hasConfig && weights === null) return `not in${cut}`;
  const lacking = [
    hasConfig ? null : "config.json",
    weights === null ? "weights" : missing,
    tokenizer === null ? "its tokenizer" : null,
  ].filter((part) => part !== null);
  return `without ${lacking.join(" and ")}${cut} in`;
}

/** Two stages with one model: what is only good to know is said once. */
function once(findings: readonly Finding[]): Finding[] {
  const said = new Set<string>();
  return findings.filter(({ severity, message }) => {
    const isNew = !said.has(message);
    said.add(message);
    return isNew || severity === "error";
  });
}
