import type { NodeAnswer, NodeQuestion } from "../contracts/node-checks";
import type { Finding, RunParameters } from "../contracts/runs";
import { STAGE_KINDS, type StageKind } from "../contracts/statuses";
import type { StageNeed } from "./questions";

/** What others hold of a GPU: ForeignUse of server/telemetry. */
export interface GpuUse {
  by: string;
  isNamed: boolean;
  memoryMiB: number;
  programs: readonly string[];
}
export interface CheckedGpu {
  uuid: string;
  index: number;
}

/** Everything that the checks judge by. */
export interface NodeCheckFacts {
  node: {
    name: string;
    isPractice: boolean;
    /** Usable GPUs: no card that is cut into MIG instances. */
    gpus: readonly CheckedGpu[];
    env: Readonly<Record<string, string>>;
  };
  parameters: RunParameters;
  questions: readonly NodeQuestion[];
  needs: readonly StageNeed[];
  /** In the order of the questions. */
  answers: readonly NodeAnswer[];
  /** Bytes that each stage leaves below the work directory; null: the model's name does not tell. */
  checkpointBytes: Readonly<Record<StageKind, number | null>>;
  /** By UUID; null: there is no fresh reading. */
  foreignUse: ReadonlyMap<string, GpuUse> | null;
  /** GPUs that runs of ours hold. */
  claimedUuids: ReadonlySet<string>;
}

/** What one check says: findings, and in words what is in order. */
export interface Verdict {
  findings: Finding[];
  checked: string[];
}

type Part = Omit<Finding, "stage">;

/** The stage is that of the path. */
export function found(part: Part): Finding {
  const stage = STAGE_KINDS.find((kind) => part.path?.startsWith(`stages.${kind}.`)) ?? null;
  return { ...part, stage };
}

/** "2.6 GiB", "640 MiB". */
export function size(bytes: number): string {
  const mib = bytes / 2 ** 20;
  if (mib < 1024) return `${Math.max(1, Math.round(mib))} MiB`;
  const gib = mib / 1024;
  return gib < 10 ? `${gib.toFixed(1)} GiB` : `${Math.round(gib).toLocaleString("en-US")} GiB`;
}

export function kibibytes(value: number): number {
  return value * 1024;
}
