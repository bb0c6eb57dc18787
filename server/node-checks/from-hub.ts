import type { HubAnswer, NodeAnswer } from "../contracts/node-checks";
import type { StageNeed } from "./questions";

/** Something of a hub that is not on the node. */
export interface Wanted {
  kind: HubAnswer["kind"];
  /** As the hub knows it. */
  name: string;
}

const WORDS = {
  models: {
    thing: "model",
    offline: "offline mode is on (HF_HUB_OFFLINE). Copy it there, name a folder, or turn offline mode off.",
    instead: "Prepare the node with this model, name a folder, or set a proxy in the node's variables.",
  },
  datasets: {
    thing: "data set",
    offline:
      "offline mode is on (HF_HUB_OFFLINE or HF_DATASETS_OFFLINE). Upload its rows, name a folder on the node, or turn offline mode off.",
    instead: "Upload its rows, which travel over SSH, or set a proxy or HF_ENDPOINT in the node's variables.",
  },
} as const satisfies Record<Wanted["kind"], object>;

/** What the hub said of it; undefined: it was not asked. */
export function hubAnswerOf({ hub }: NodeAnswer, { kind, name }: Wanted): HubAnswer | undefined {
  return hub.find((said) => said.kind === kind && said.name === name);
}

/** Why it cannot be had from there, as a sentence's rest; null: it may be downloaded, or nobody knows. Pure. */
export function whyNotFromHub(
  wanted: Wanted,
  { answer, need }: { answer: NodeAnswer; need: StageNeed },
): string | null {
  const words = WORDS[wanted.kind];
  if (wanted.kind === "models" ? answer.isOffline : answer.isDataOffline) return words.offline;
  const hub = hubAnswerOf(answer, wanted);
  if (!hub?.isAsked) return null;
  if (hub.status === null)
    return `${hub.endpoint} cannot be reached from there: ${hub.failure ?? "no answer"}. ${words.instead}`;
  const isRefused = hub.status === 401 || hub.status === 404;
  if (!isRefused || (need.hasHiddenToken && !answer.hasToken)) return null;
  return answer.hasToken
    ? `${hub.endpoint} shows no such ${words.thing} to the node's token. Check the name and the token's rights.`
    : `${hub.endpoint} has no such ${words.thing}, or shows it only with a token. Check the name, or set HF_TOKEN in the node's variables.`;
}

/** Why nobody knows whether it can be had from there; null: it can. Pure. */
export function whyUnsure(hub: HubAnswer | undefined, need: StageNeed): string | null {
  if (!hub) return "nobody could ask the hub: there is no Python. It has to be downloaded first.";
  if (!hub.isAsked) return `nobody could ask the hub: ${hub.failure}. It has to be downloaded first.`;
  if (hub.status === 401 || hub.status === 404)
    return need.hasHiddenToken ? "only the run's own token can tell whether the hub has it." : null;
  return hub.status === 200
    ? null
    : `${hub.endpoint} answers with HTTP ${hub.status} now. It has to be downloaded first.`;
}

/** Gated, and the node has no token; null: it is not, or a token is there, whose rights only the download can tell. Pure. */
export function whyGated(
  hub: HubAnswer | undefined,
  { answer, need, nodeName }: { answer: NodeAnswer; need: StageNeed; nodeName: string },
): string | null {
  if (!hub?.isGated || answer.hasToken || need.hasHiddenToken) return null;
  return `${hub.name} is gated: the hub gives it only to accounts that accepted its terms, and ${nodeName} has no token. Set HF_TOKEN in the node's variables.`;
}
