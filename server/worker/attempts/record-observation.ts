import { isDiskLow } from "../../contracts/disk-space";
import type { AppendResult } from "../../logs";
import { type AttemptPatch, noteLowDisk, recordAttempt, updateAttempt } from "../../runs";
import type { AttemptRound } from "./attempt-round";
import type { AttemptProbe } from "./parse-probe";

const MAX_STORED_STEPS = 2_147_483_647;

export interface Observation {
  probe: AttemptProbe;
  /** This round asked it to stop. */
  hasAskedToStop: boolean;
  progress: AppendResult["progress"];
}

/** Writes what the node shows: running, stopping, heartbeat, supervision, steps. What has not changed costs no write. */
export async function recordObservation(round: AttemptRound, observation: Observation): Promise<void> {
  const { ctx, lease, attempt } = round;
  const { probe, hasAskedToStop } = observation;
  const isAlive = probe.state === "running" || probe.state === "unsupervised";
  const patch = changedPatch(round, observation);
  if (isAlive && (attempt.status === "queued" || attempt.status === "starting")) {
    const reason = "it runs on the node";
    await recordAttempt({ ctx, lease, attemptId: attempt.id, to: "running", reason, patch: patch ?? {} });
  } else if (patch !== null) {
    await updateAttempt({ ctx, lease, attemptId: attempt.id, patch });
  }
  if (isAlive && attempt.status !== "queued") await tellLowDisk(round);
  const isStopping = hasAskedToStop || (attempt.desired === "stop" && probe.cancel !== null);
  if (isStopping && probe.state !== "exit" && attempt.status !== "stopping") {
    const reason = `stop requested by ${attempt.stopRequestedBy ?? "system"}`;
    await recordAttempt({ ctx, lease, attemptId: attempt.id, to: "stopping", reason });
  }
}

/** What a log or an event file claims may be more than the column holds. */
const stored = (steps: number) => Math.min(steps, MAX_STORED_STEPS);

async function tellLowDisk({ ctx, lease, attempt, memory, disk }: AttemptRound): Promise<void> {
  if (disk === null || !isDiskLow(disk) || memory.hasToldLowDisk) return;
  await noteLowDisk({ ctx, lease, attemptId: attempt.id, disk });
  memory.hasToldLowDisk = true;
}

/** null: as written last time. */
function changedPatch(round: AttemptRound, { probe, progress }: Observation): AttemptPatch | null {
  const { memory, ctx } = round;
  const { heartbeat } = probe;
  const key = JSON.stringify([probe.state, heartbeat?.sequence, progress]);
  if (key === memory.written || probe.state === "absent" || probe.state === "claimed") return null;
  memory.written = key;
  return {
    isSupervised: probe.state !== "unsupervised",
    // null: not told since this process began to read, which takes nothing back.
    ...(progress?.stepsDone == null ? {} : { stepsDone: stored(progress.stepsDone) }),
    ...(progress?.stepsTotal == null ? {} : { stepsTotal: stored(progress.stepsTotal) }),
    ...(heartbeat === null
      ? {}
      : { heartbeatAt: new Date(ctx.now().getTime() - heartbeat.ageSeconds * 1000) }),
  };
}
