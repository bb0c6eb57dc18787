import { lasting } from "./attempt-memory";
import { type AttemptRound, directoryOf } from "./attempt-round";
import { decideStep, type Step } from "./decide-step";
import { endAttempt } from "./end-attempt";
import { fenceAttempt } from "./fence";
import { followAttempt } from "./follow-attempt";
import { followTargets } from "./follow-targets";
import { launchStep } from "./launch-step";
import type { AttemptProbe } from "./parse-probe";
import { recordObservation } from "./record-observation";
import { requestStop, signalMembers } from "./stop";

export interface AttemptRoundResult {
  isChanging: boolean;
  hasMore: boolean;
}

/** One step for one attempt: what its node says is recorded, what is wanted is asked for, what its files hold is stored. */
export async function reconcileAttempt(round: AttemptRound): Promise<AttemptRoundResult> {
  const { attempt, memory, probe } = round;
  if (probe === null) return { isChanging: false, hasMore: false };
  const isGone = probe.state === "gone" || probe.state === "absent";
  const step = decideStep({
    status: attempt.status,
    desired: attempt.desired,
    stopGraceSeconds: attempt.stopGraceSeconds,
    probe,
    claimedMs: lasting(memory, "claimedSince", probe.state === "claimed"),
    goneMs: lasting(memory, "goneSince", isGone),
    killingMs: memory.killingSince === null ? null : performance.now() - memory.killingSince,
  });
  await takeStep(round, step);
  const followed = await follow(round, probe);
  await recordObservation(round, {
    probe,
    hasAskedToStop: step.type === "cancel",
    progress: followed.progress,
  });
  if (followed.answersChanged && attempt.evaluationId !== null) {
    const { runId, evaluationId } = attempt;
    round.ctx.publish({ kind: "evaluation", evaluationId, runId, nodeId: round.lease.nodeId });
  }
  const hasEnded = followed.isComplete && (await endAttempt(round, { probe, evidence: followed.evidence }));
  const isAlive = probe.state === "running" || probe.state === "unsupervised";
  const isSettled = isAlive && attempt.status === "running" && attempt.desired === "run";
  return { isChanging: hasEnded || !isSettled, hasMore: followed.hasMore };
}

async function takeStep(round: AttemptRound, step: Step): Promise<void> {
  const { connection, attempt, memory } = round;
  const directory = directoryOf(round);
  switch (step.type) {
    case "launch":
      return launchStep(round);
    case "cancel":
      return requestStop({
        connection,
        directory,
        who: attempt.stopRequestedBy ?? "system",
        graceSeconds: attempt.stopGraceSeconds,
      });
    case "signal":
      await signalMembers({ connection, directory, signal: step.signal });
      memory.killingSince ??= performance.now();
      return;
    case "fence":
      await fenceAttempt({ connection, directory, why: step.why });
      return;
    case "wait":
    case "finish":
      return;
  }
}

async function follow(round: AttemptRound, probe: AttemptProbe): ReturnType<typeof followAttempt> {
  const { attempt } = round;
  const targets = followTargets(
    {
      attemptId: attempt.id,
      directory: directoryOf(round),
      outputDirectory: attempt.command?.outputDirectory ?? null,
      eventDirectories: attempt.command?.eventDirectories ?? [],
    },
    round.files,
  );
  return followAttempt({ ...round, runId: attempt.runId, targets, hasEnded: probe.state === "exit" });
}
