import type { RenderedCommand } from "../contracts/recipes";
import type { EndCause } from "../contracts/runs";
import { withoutSecrets } from "../recipes";

/** What the worker learns about an attempt besides its status. Missing: unchanged. */
export interface AttemptPatch {
  command?: RenderedCommand;
  /** Absolute, on the node. */
  directory?: string;
  /** Taken from the command when not given. */
  outputDirectory?: string;
  isSupervised?: boolean;
  exitStatus?: number | null;
  exitWhy?: string | null;
  oomKills?: number | null;
  endCause?: EndCause | null;
  stepsDone?: number | null;
  stepsTotal?: number | null;
  heartbeatAt?: Date;
}

const COLUMNS = [
  "directory",
  "outputDirectory",
  "isSupervised",
  "exitStatus",
  "exitWhy",
  "oomKills",
  "endCause",
  "stepsDone",
  "stepsTotal",
  "heartbeatAt",
] as const satisfies (keyof AttemptPatch)[];

/** Column names (constants of ours) and values of a patch; the command without its secrets. */
export function patchColumns(patch: AttemptPatch): [column: string, value: unknown][] {
  const full = { ...(patch.command ? { outputDirectory: patch.command.outputDirectory } : {}), ...patch };
  const columns: [string, unknown][] = COLUMNS.filter((name) => full[name] !== undefined).map((name) => [
    name,
    full[name],
  ]);
  if (patch.command) columns.push(["command", JSON.stringify(withoutSecrets(patch.command))]);
  return columns;
}
