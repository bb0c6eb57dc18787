import type { HubAnswer, NodePlace } from "../contracts/node-checks";
import type { Finding } from "../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { effectiveValue } from "../recipes";
import { isWhole } from "./check-models";
import { found, kibibytes, type NodeCheckFacts, size, type Verdict } from "./facts";
import { hubAnswerOf } from "./from-hub";

const GIB = 2 ** 30;
/** Free space below which a disk is called short, beside a tenth of what the run writes: logs, event files, prepared data. */
const MARGIN_BYTES = { node: 5 * GIB, practice: GIB / 4 } as const;
/** What a run of unknown size writes at the least. */
const LEAST_BYTES = { node: GIB, practice: GIB / 16 } as const;

const SHORT = { sft: "SFT", reward: "reward model", ppo: "PPO" } as const satisfies Record<StageKind, string>;

/** What goes to one disk. */
interface Load {
  place: NodePlace;
  bytes: number;
  parts: string[];
}

/** Room for checkpoints and downloads, and the right to write where the run writes. Pure. */
export function checkDisk(facts: NodeCheckFacts): Verdict {
  const work = facts.answers[0]?.places.find(({ role }) => role === "work");
  const loads = new Map<string, Load>();
  if (work) addLoad(loads, work, checkpoints(facts));
  for (const { place, bytes, name } of [...downloads(facts), ...dataDownloads(facts)])
    addLoad(loads, place, { bytes, part: `${size(bytes)} of ${name} in the Hugging Face cache` });
  for (const { place, bytes, name } of preparedData(facts))
    addLoad(loads, place, { bytes, part: `${size(bytes)} of ${name}, prepared,` });
  const verdicts = [...loads.values()].map((load) => judgeLoad(load, facts));
  return {
    findings: [...closedPlaces(facts), ...verdicts.flatMap(({ findings }) => findings)],
    checked: verdicts.flatMap(({ checked }) => checked),
  };
}

function addLoad(
  loads: Map<string, Load>,
  place: NodePlace,
  { bytes, part }: { bytes: number; part: string },
): void {
  const key = place.mount ?? place.path;
  const load = loads.get(key) ?? { place, bytes: 0, parts: [] };
  loads.set(key, { ...load, bytes: load.bytes + bytes, parts: [...load.parts, part] });
}

/** By the models' names, else by the weights that lie in a model's directory. */
function checkpoints(facts: NodeCheckFacts): { bytes: number; part: string } {
  const { node, checkpointBytes } = facts;
  const stages = STAGE_KINDS.map((stage) => ({
    stage,
    bytes: checkpointBytes[stage] ?? measured(facts, stage),
  }));
  const known = stages.flatMap(({ stage, bytes }) => (bytes === null ? [] : [{ stage, bytes }]));
  const total = known.reduce((sum, { bytes }) => sum + bytes, 0);
  if (known.length === 0) {
    const bytes = node.isPractice ? LEAST_BYTES.practice : LEAST_BYTES.node;
    return { bytes, part: `at least ${size(bytes)} of checkpoints` };
  }
  const each = known.map(({ stage, bytes }) => `${SHORT[stage]} ${size(bytes)}`).join(", ");
  const least = known.length < stages.length ? "at least " : "";
  return { bytes: total, part: `${least}${size(total)} of checkpoints (${each})` };
}

function measured({ needs, answers, parameters }: NodeCheckFacts, stage: StageKind): number | null {
  const weightsOf = (kind: "sft" | "reward") => {
    const need = needs.find((one) => one.stage === kind);
    const model = need && answers[need.question]?.models.find(({ name }) => name === need.model);
    return model?.weightsKiB ? kibibytes(model.weightsKiB) : null;
  };
  if (stage !== "ppo") return weightsOf(stage);
  const actor = weightsOf("sft");
  const critic = weightsOf("reward");
  if (actor === null || critic === null) return null;
  const copies = effectiveValue("ppo", parameters.stages.ppo, "enable_ema") === true ? 2 : 1;
  return copies * actor + critic;
}

/** Each model that has to be downloaded, once for each cache. */
function downloads(facts: NodeCheckFacts): Download[] {
  return facts.answers.flatMap((answer, index) => {
    const place = answer.places.find(({ role }) => role === "hub");
    if (!place || answer.isOffline) return [];
    return answer.models
      .filter((model) => model.role === "model" && model.kind === "hub" && !isWhole(model))
      .flatMap(({ name }) => {
        const need = facts.needs.find((one) => one.question === index && one.model === name);
        const told = hubAnswerOf(answer, { kind: "models", name })?.bytes;
        const bytes = told ?? (need ? facts.checkpointBytes[need.stage] : null);
        return bytes === null ? [] : [{ place, bytes, name }];
      });
  });
}

interface Download {
  place: NodePlace;
  bytes: number;
  name: string;
}

/** Files of data sets, as far as the hub tells their size. */
function dataDownloads(facts: NodeCheckFacts): Download[] {
  return absentData(facts, "hub").flatMap(({ place, hub }) =>
    hub.bytes === null ? [] : [{ place, bytes: hub.bytes, name: hub.name }],
  );
}

/** What the package datasets makes of them, in a cache of its own. */
function preparedData(facts: NodeCheckFacts): Download[] {
  return absentData(facts, "HF_DATASETS_CACHE").flatMap(({ place, hub }) =>
    hub.preparedBytes === null ? [] : [{ place, bytes: hub.preparedBytes, name: hub.name }],
  );
}

function absentData(
  { answers }: NodeCheckFacts,
  role: NodePlace["role"],
): { place: NodePlace; hub: HubAnswer }[] {
  return answers.flatMap((answer) => {
    const place = answer.places.find((one) => one.role === role);
    return place === undefined
      ? []
      : answer.hub.filter(({ kind }) => kind === "datasets").map((hub) => ({ place, hub }));
  });
}

function judgeLoad({ place, bytes, parts }: Load, { node }: NodeCheckFacts): Verdict {
  if (place.freeKiB === null) return { findings: [], checked: [] };
  const free = kibibytes(place.freeKiB);
  const total = place.totalKiB === null ? "" : ` of ${size(kibibytes(place.totalKiB))}`;
  const disk = `the disk of ${place.path} on ${node.name} has ${size(free)}${total} free`;
  const writes = `The run writes ${parts.join(" and ")}`;
  const where = "Free space, or name a work directory on a larger disk in the node's settings.";
  if (bytes > free) {
    const message = `${writes}; ${disk}, so it cannot end. ${where}`;
    return { findings: [diskFinding(message, "error")], checked: [] };
  }
  const margin = Math.max(node.isPractice ? MARGIN_BYTES.practice : MARGIN_BYTES.node, bytes / 10);
  if (free - bytes < margin) {
    const message = `${writes}; ${disk}, which leaves ${size(free - bytes)} for logs and prepared data. ${where}`;
    return { findings: [diskFinding(message, "warning")], checked: [] };
  }
  return { findings: [], checked: [`${writes}; ${disk}.`] };
}

function diskFinding(message: string, severity: "error" | "warning"): Finding {
  return found({ id: "disk-space", severity, path: "nodeId", message });
}

/** The nearest directory that is there decides: the rest of the path is made by the run. */
function closedPlaces({ node, needs, answers, parameters }: NodeCheckFacts): Finding[] {
  const findings = answers.flatMap((answer, index) =>
    answer.places.flatMap((place): Finding[] => {
      const isRead =
        place.role === "hub" &&
        answer.models.every((model) => model.kind === "path" || isWhole(model)) &&
        answer.dataSets.every(({ state }) => state === "there");
      if (place.isWritable || isRead || (place.role === "work" && index > 0)) return [];
      const stage = needs.find((need) => need.question === index)?.stage ?? "sft";
      const isOfStage = Object.hasOwn(parameters.stages[stage].env, place.role);
      const path = isOfStage ? `stages.${stage}.env.${place.role}` : "nodeId";
      const message = `${answer.username ?? "The user"} may not write to ${place.nearest} on ${node.name}, where ${USE[place.role]} (${place.path}). Give the right, or name another directory in the node's settings.`;
      return [found({ id: "directory-writable", severity: "error", path, message })];
    }),
  );
  return [...new Map(findings.map((finding) => [`${finding.path} ${finding.message}`, finding])).values()];
}

const USE = {
  work: "the run writes its checkpoints and logs",
  hub: "models and data sets are downloaded to",
  HF_DATASETS_CACHE: "data sets are prepared",
  TMPDIR: "TMPDIR has temporary files",
  TORCH_EXTENSIONS_DIR: "TORCH_EXTENSIONS_DIR has ops built",
  TRITON_CACHE_DIR: "TRITON_CACHE_DIR has kernels built",
} as const satisfies Record<NodePlace["role"], string>;
