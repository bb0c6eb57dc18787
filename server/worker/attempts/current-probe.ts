import { dirname } from "node:path/posix";
import type { Logger } from "../../log";
import type { OpenAttempt } from "../../runs";
import type { NodeConnection } from "../ssh";
import type { NodeMemory } from "./attempt-memory";
import type { NodeProbe } from "./parse-probe";
import { prepareLaunch } from "./prepare-launch";
import { probeAttempts } from "./probe";

export interface CurrentProbeOptions {
  connection: NodeConnection;
  memory: NodeMemory;
  attempts: readonly OpenAttempt[];
  /** For attempts that have no directory yet. */
  workDirectory: string;
  isWatched: boolean;
  log: Logger;
}

const INTERVAL_MS = { watched: 1_000, unwatched: 1_900 };

/**
 * The last probe while it is fresh, else a new one; a node on which probing is slow is asked less often.
 * Attempts of a work directory that is not mounted are missing from it.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED
 */
export async function currentProbe(options: CurrentProbeOptions): Promise<NodeProbe> {
  const { memory, attempts, isWatched } = options;
  const ids = attempts.map((attempt) => attempt.id).join(" ");
  const interval = Math.max(
    isWatched ? INTERVAL_MS.watched : INTERVAL_MS.unwatched,
    memory.probeDurationMs * 10,
  );
  const isFresh = performance.now() - memory.probedAt < interval && memory.probedIds === ids;
  if (memory.probe !== null && isFresh) return memory.probe;
  const startedAt = performance.now();
  const probe = await probeWorkDirectories(options);
  const now = performance.now();
  Object.assign(memory, { probe, probedIds: ids, probedAt: now, probeDurationMs: now - startedAt });
  return probe;
}

/** Settings may have moved the work directory since an attempt was launched: each is looked for where it is. */
async function probeWorkDirectories(options: CurrentProbeOptions): Promise<NodeProbe> {
  const whole: NodeProbe = { isMounted: true, attempts: new Map(), files: [] };
  const byWorkDirectory = new Map<string, OpenAttempt[]>();
  for (const attempt of options.attempts) {
    const at = attempt.directory === null ? options.workDirectory : dirname(dirname(attempt.directory));
    byWorkDirectory.set(at, [...(byWorkDirectory.get(at) ?? []), attempt]);
  }
  for (const [workDirectory, attempts] of byWorkDirectory) {
    const probe = await probeOne(options, workDirectory, attempts);
    whole.isMounted &&= probe.isMounted;
    for (const [id, attempt] of probe.attempts) whole.attempts.set(id, attempt);
    whole.files.push(...probe.files);
  }
  if (!whole.isMounted && options.memory.isMounted) {
    options.log.warn("a work directory's mark is missing on a node; is its disk mounted?");
  }
  options.memory.isMounted = whole.isMounted;
  return whole;
}

async function probeOne(
  { connection }: CurrentProbeOptions,
  workDirectory: string,
  attempts: readonly OpenAttempt[],
): Promise<NodeProbe> {
  const request = {
    connection,
    workDirectory,
    attemptIds: attempts.map((attempt) => attempt.id),
    eventDirectories: attempts.flatMap((attempt) => attempt.command?.eventDirectories ?? []),
  };
  const probe = await probeAttempts(request);
  const [first] = attempts;
  const isFirstLaunch = first !== undefined && attempts.every((attempt) => attempt.status === "queued");
  if (probe.isMounted || !isFirstLaunch) return probe;
  // None of these was ever launched, so a missing mark says only that nothing was launched here at all.
  await prepareLaunch(connection, { workDirectory, attemptId: first.id });
  return probeAttempts(request);
}
