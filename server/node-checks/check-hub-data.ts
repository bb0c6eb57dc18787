import type { FoundDataSet, NodeAnswer } from "../contracts/node-checks";
import type { Finding, Fix } from "../contracts/runs";
import { effectiveValue } from "../recipes";
import { found, kibibytes, type NodeCheckFacts, size, type Verdict } from "./facts";
import { hubAnswerOf, whyGated, whyNotFromHub, whyUnsure } from "./from-hub";
import type { StageNeed } from "./questions";

interface Look {
  facts: NodeCheckFacts;
  need: StageNeed;
  answer: NodeAnswer;
  data: StageNeed["dataSets"][number];
  kept: FoundDataSet;
}

/** Data sets of a hub: prepared in the node's cache by an earlier run, or to be had from the hub. Pure. */
export function checkHubData(facts: NodeCheckFacts): Verdict {
  const findings: Finding[] = [];
  const checked = new Set<string>();
  for (const need of facts.needs) {
    const answer = facts.answers[need.question];
    for (const data of need.dataSets) {
      const kept = answer?.dataSets.find(({ name }) => name === data.repository);
      if (!answer || !kept) continue;
      const problem = judge({ facts, need, answer, data, kept });
      if (problem !== null) findings.push(problem);
      else checked.add(presence(data.name, kept, facts.node.name));
    }
  }
  return { findings, checked: [...checked] };
}

function presence(name: string, { sizeKiB }: FoundDataSet, nodeName: string): string {
  const amount = sizeKiB === null ? "" : ` (${size(kibibytes(sizeKiB))})`;
  return `${name} is in the data sets' cache of ${nodeName}${amount}.`;
}

/** null: it is there. */
function judge(look: Look): Finding | null {
  const { facts, need, answer, data, kept } = look;
  if (kept.state === "there") return null;
  const path = `stages.${need.stage}.fields.${data.field}`;
  const common = { path, about: [data.name] };
  const nodeName = facts.node.name;
  if (kept.state === "closed") {
    const message = `${answer.username ?? "The user"} may not read ${kept.directory} on ${nodeName}, where ${data.name} is kept.`;
    return found({ ...common, id: "data-on-node", severity: "error", message });
  }
  const wanted = { kind: "datasets", name: data.repository } as const;
  const where = `${data.name} is not in the data sets' cache of ${nodeName} (${kept.directory})`;
  const cannot = whyNotFromHub(wanted, { answer, need });
  if (cannot !== null) {
    const fix = fixOf(look, path);
    const message = `${where}, and ${cannot}`;
    return found({ ...common, id: "data-on-node", severity: "error", message, ...(fix && { fix }) });
  }
  const hub = hubAnswerOf(answer, wanted);
  const unsure = whyUnsure(hub, need);
  if (unsure !== null)
    return found({ ...common, id: "data-unsure", severity: "warning", message: `${where}, and ${unsure}` });
  const gated = whyGated(hub, { answer, need, nodeName });
  if (gated !== null) return found({ ...common, id: "data-gated", severity: "warning", message: gated });
  const amount = hub?.bytes ? ` about ${size(hub.bytes)}` : "";
  const message = `${where}: the run downloads${amount} first.`;
  return found({ ...common, id: "data-download", severity: "note", message });
}

const OFFLINE = ["HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"] as const;

/** Without it where data remains that is there; else without the offline mode that this stage alone turns on. null: neither. */
function fixOf({ facts, need, data, answer }: Look, path: string): Fix | null {
  const parameters = facts.parameters.stages[need.stage];
  const names = effectiveValue(need.stage, parameters, data.field);
  const others = Array.isArray(names) ? names.filter((name) => name !== data.name) : [];
  const isAbsent = (name: string) => {
    const repository = need.dataSets.find((one) => one.name === name)?.repository;
    return answer.dataSets.some((one) => one.name === repository && one.state !== "there");
  };
  if (others.some((name) => !isAbsent(name)))
    return { label: `Leave ${data.name} out`, changes: [{ path, value: others }] };
  const own = OFFLINE.filter((name) => Object.hasOwn(parameters.env, name));
  if (!answer.isDataOffline || own.length === 0 || OFFLINE.some((name) => facts.node.env[name])) return null;
  return {
    label: "Turn offline mode off",
    changes: own.map((name) => ({ path: `stages.${need.stage}.env.${name}`, value: null })),
  };
}
