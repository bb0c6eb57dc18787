import type { OpenAttempt } from "../../runs";
import type { AttemptMemory } from "./attempt-memory";
import { attemptDirectory } from "./attempt-paths";
import type { AttemptProbe, ProbedFile } from "./parse-probe";
import type { ReconcileOptions } from "./reconcile";

/** Everything that one step for one attempt works with. */
export interface AttemptRound extends ReconcileOptions {
  attempt: OpenAttempt;
  memory: AttemptMemory;
  /** null: its work directory is not mounted, so nothing follows. */
  probe: AttemptProbe | null;
  files: readonly ProbedFile[];
  deadline: number;
}

/** Where it is, or will be: settings may have moved the work directory since it was launched. */
export function directoryOf(round: AttemptRound): string {
  return round.attempt.directory ?? attemptDirectory(round.facts.workDirectory, round.attempt.id);
}
