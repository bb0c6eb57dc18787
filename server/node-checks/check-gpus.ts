import type { Finding } from "../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { type CheckedGpu, found, type GpuUse, type NodeCheckFacts, type Verdict } from "./facts";

const NAMED_PROGRAMS = 3;

interface UsedGpu extends CheckedGpu {
  use: GpuUse;
}

/** GPUs on which others hold memory: those that were chosen by name are given all the same, any others are passed over. Pure. */
export function checkGpus(facts: NodeCheckFacts): Verdict {
  const { node, foreignUse } = facts;
  if (foreignUse === null || node.gpus.length === 0) return { findings: [], checked: [] };
  const used = node.gpus.flatMap((gpu): UsedGpu[] => {
    const use = foreignUse.get(gpu.uuid);
    // What a run of ours holds may show as nobody's for a moment.
    const isOurs = facts.claimedUuids.has(gpu.uuid) && use?.isNamed === false;
    return use === undefined || isOurs ? [] : [{ ...gpu, use }];
  });
  const checked = used.length === 0 ? [`Nobody else holds memory of the GPUs of ${node.name}.`] : [];
  return { findings: STAGE_KINDS.flatMap((stage) => checkStage(stage, { facts, used })), checked };
}

function checkStage(
  stage: StageKind,
  { facts, used }: { facts: NodeCheckFacts; used: UsedGpu[] },
): Finding[] {
  const { gpuUuids, gpuCount } = facts.parameters.stages[stage];
  const chosen = used.filter(({ uuid }) => gpuUuids.includes(uuid));
  if (gpuUuids.length === 0) return tooFew(stage, { facts, used, gpuCount });
  if (chosen.length === 0) return [];
  const path = `stages.${stage}.gpuUuids`;
  const message = `${chosen.map(describe).join("; ")}. It starts there all the same, and may run out of memory.`;
  const free = freeGpus(facts, { used, wanted: gpuUuids });
  const enough = free.slice(0, gpuUuids.length).toSorted((a, b) => a.index - b.index);
  if (enough.length < gpuUuids.length)
    return [found({ id: "gpu-in-use", severity: "warning", path, message })];
  const label = `Use GPU ${listOf(enough.map(({ index }) => index))}`;
  const fix = { label, changes: [{ path, value: enough.map(({ uuid }) => uuid) }] };
  return [found({ id: "gpu-in-use", severity: "warning", path, message, fix })];
}

function tooFew(
  stage: StageKind,
  { facts, used, gpuCount }: { facts: NodeCheckFacts; used: UsedGpu[]; gpuCount: number },
): Finding[] {
  const all = facts.node.gpus.length;
  const free = all - used.length;
  if (free >= gpuCount || gpuCount > all) return [];
  const path = `stages.${stage}.gpuCount`;
  const wanted = gpuCount === 1 ? "One free GPU is" : `${gpuCount} free GPUs are`;
  const have = free === 0 ? "none is" : `${free} of ${all} ${free === 1 ? "is" : "are"}`;
  const message = `${wanted} asked for, and ${have} free at the moment: ${used.map(describe).join("; ")}. The stage waits for them; GPUs chosen by name are not waited for.`;
  const fix = free > 0 && { fix: { label: `Use ${free}`, changes: [{ path, value: free }] } };
  return [found({ id: "gpu-in-use", severity: "warning", path, message, ...fix })];
}

/** The ones that were chosen first, then those that no run of ours holds. */
function freeGpus(
  { node, claimedUuids }: NodeCheckFacts,
  { used, wanted }: { used: readonly UsedGpu[]; wanted: readonly string[] },
): CheckedGpu[] {
  const rank = ({ uuid }: CheckedGpu) => (wanted.includes(uuid) ? 0 : claimedUuids.has(uuid) ? 2 : 1);
  return node.gpus
    .filter((gpu) => !used.some(({ uuid }) => uuid === gpu.uuid))
    .toSorted((a, b) => rank(a) - rank(b));
}

function describe({ index, use }: UsedGpu): string {
  const memory = `${Math.round(use.memoryMiB).toLocaleString("en-US")} MiB`;
  const names = use.programs.slice(0, NAMED_PROGRAMS).join(", ");
  const programs = names === "" ? "" : `${names}: `;
  return `GPU ${index} already holds ${memory} of others (${programs}${use.by})`;
}

function listOf(indices: readonly number[]): string {
  const last = indices.at(-1) ?? "";
  return indices.length < 2 ? String(last) : `${indices.slice(0, -1).join(", ")} and ${last}`;
}
