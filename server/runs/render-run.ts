import type { NodeSettings } from "../contracts/nodes";
import type { RenderedCommand } from "../contracts/recipes";
import type { RunParameters } from "../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import { type NodeFacts, outputDirectoryOf, renderStage, type UploadedData } from "../recipes";

/** What a preview and the checks need to know of a node. */
export interface RunNodeFacts extends NodeFacts {
  id: string;
  gpus: readonly { uuid: string; name: string; memoryTotalMiB: number | null; index: number }[];
  /** Absolute, or ~/… while the inventory does not know better. */
  examplesDirectory: string;
  workDirectory: string;
  settings: NodeSettings;
}
export interface RenderRunInput {
  /** Of the stored run, or a word for one that is not there yet. */
  runId: string;
  parameters: RunParameters;
  node: RunNodeFacts;
  /** Of those that the parameters name, the ones that are there. */
  uploaded: readonly UploadedData[];
}
export interface StageCommand {
  stage: StageKind;
  command: RenderedCommand;
}

// What DeepSpeed takes by itself. A launch by Trainyard gets one that is free at the moment.
const DEFAULT_MASTER_PORT = 29500;

/** The three commands as they would be on an empty node, each the first attempt of its stage. Pure. */
export function renderRun({ runId, parameters, node, uploaded }: RenderRunInput): StageCommand[] {
  const output = (stage: StageKind) =>
    outputDirectoryOf({ workDirectory: node.workDirectory, runId, stage, attemptNumber: 1 });
  const indices = gpuIndices(parameters, node);
  return STAGE_KINDS.map((stage) => ({
    stage,
    command: renderStage({
      stage,
      runId,
      attemptNumber: 1,
      uploaded,
      parameters: parameters.stages[stage],
      facts: {
        examplesDirectory: node.examplesDirectory,
        workDirectory: node.workDirectory,
        gpuIndices: indices[stage],
        masterPort: DEFAULT_MASTER_PORT,
        virtualEnvironment: node.settings.virtualEnvironment,
        nodeEnv: node.settings.env,
        checkout: node.checkout,
      },
      checkpoints: stage === "ppo" ? { actor: output("sft"), critic: output("reward") } : null,
    }),
  }));
}

/** Chosen GPUs, else the first ones; the reward model beside sft when there is room. */
function gpuIndices({ stages }: RunParameters, node: RunNodeFacts): Record<StageKind, number[]> {
  const pick = (stage: StageKind, from: number): number[] => {
    const { gpuUuids, gpuCount } = stages[stage];
    const chosen = gpuUuids.flatMap((uuid) => node.gpus.filter((gpu) => gpu.uuid === uuid));
    const any = node.gpus.slice(from, from + gpuCount);
    const indices = (chosen.length > 0 ? chosen : any).map((gpu) => gpu.index);
    return indices.length > 0 ? indices : [0];
  };
  const beside = stages.sft.gpuUuids.length === 0 ? stages.sft.gpuCount : 0;
  const hasRoom = beside + stages.reward.gpuCount <= node.gpus.length;
  return { sft: pick("sft", 0), reward: pick("reward", hasRoom ? beside : 0), ppo: pick("ppo", 0) };
}
