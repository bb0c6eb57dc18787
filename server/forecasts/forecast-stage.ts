import { PUBLISHED_ERROR_SHARE, type TimeEstimate } from "../contracts/estimates";
import type { StageForecast } from "../contracts/forecasts";
import { isTerminal, type StageKind, type Status } from "../contracts/statuses";
import { measurePace, type StepMark, secondsLeft, silenceLimitSeconds, stepsUntilKnown } from "./live-pace";

/** One launch of a stage. Seconds since 1970, by our clock. */
export interface AttemptFacts {
  status: Status;
  gpuCount: number;
  startedSeconds: number | null;
  endedSeconds: number | null;
}

/** What is known of the steps of a stage's newest attempt. */
export interface StepFacts {
  marks: readonly StepMark[];
  /** When the last step arrived here, by our clock. null: none has. */
  arrivedSeconds: number | null;
  /** When the node was last seen to run it, by our clock. null: its supervisor does not tell. */
  seenSeconds: number | null;
}

/** What is expected of a stage before it tells by its own steps. */
export interface Prior {
  time: TimeEstimate | null;
  reason: string | null;
  /** Between the last step and the end, as own finished stages took; null: none has. Seconds. */
  tailSeconds: number | null;
}

export interface StageFacts {
  kind: StageKind;
  status: Status;
  /** It has started, or may some day: no stage before it has ended badly. */
  canStart: boolean;
  /** That it holds, or will. */
  gpuCount: number;
  stepsDone: number | null;
  stepsTotal: number | null;
  epochs: number;
  /** Oldest first. */
  attempts: readonly AttemptFacts[];
  steps: StepFacts;
  prior: Prior;
}

type Time = Pick<
  StageForecast,
  | "secondsLeft"
  | "totalSeconds"
  | "basis"
  | "basisCount"
  | "isSameSettings"
  | "errorShare"
  | "silentSeconds"
  | "reason"
>;

const NO_TIME: Time = {
  ...{ secondsLeft: null, totalSeconds: null, basis: null, basisCount: 0, isSameSettings: false },
  ...{ errorShare: null, silentSeconds: null, reason: null },
};

/**
 * Time and GPU hours of one stage at `nowSeconds`: by its own steps from step 20 on, before that as own finished stages or
 * published figures have it, after its end what it took.
 */
export function forecastStage(facts: StageFacts, nowSeconds: number): StageForecast {
  const time = timeOf(facts, nowSeconds);
  const spent = facts.attempts.reduce((hours, attempt) => hours + gpuHoursOf(attempt, nowSeconds), 0);
  const isOver = isTerminal(facts.status) || !facts.canStart;
  const left = isOver ? 0 : time.secondsLeft;
  return {
    stage: facts.kind,
    ...time,
    gpuHoursSpent: spent,
    gpuHoursExpected: left === null ? null : spent + (left / 3600) * facts.gpuCount,
    past: [],
  };
}

/** GPUs are held, and billed, from the start of an attempt to its end; waiting costs nothing. */
export function gpuHoursOf(attempt: AttemptFacts, nowSeconds: number): number {
  const { startedSeconds, endedSeconds, gpuCount } = attempt;
  if (startedSeconds === null) return 0;
  return (Math.max(0, (endedSeconds ?? nowSeconds) - startedSeconds) / 3600) * gpuCount;
}

function timeOf(facts: StageFacts, nowSeconds: number): Time {
  const newest = facts.attempts.at(-1);
  if (isTerminal(facts.status)) return actualTime(newest);
  if (!facts.canStart) return NO_TIME;
  const startedSeconds = newest?.endedSeconds === null ? newest.startedSeconds : null;
  if (facts.status === "stopping") return NO_TIME;
  if (startedSeconds === null) return waitingTime(facts.prior);
  const elapsed = Math.max(0, nowSeconds - startedSeconds);
  return liveTime(facts, { nowSeconds, elapsed }) ?? startedTime(facts, elapsed);
}

function actualTime(newest: AttemptFacts | undefined): Time {
  if (!newest || newest.startedSeconds === null || newest.endedSeconds === null) return NO_TIME;
  return { ...NO_TIME, totalSeconds: newest.endedSeconds - newest.startedSeconds, basis: "actual" };
}

/** null: too few steps, nothing to complain about. */
function liveTime(
  { stepsDone, stepsTotal, epochs, steps, prior }: StageFacts,
  { nowSeconds, elapsed }: { nowSeconds: number; elapsed: number },
): Time | null {
  if (stepsDone === null || stepsTotal === null || stepsDone < 1) return null;
  const place = { stepsDone, stepsTotal, epochs };
  const pace = measurePace(steps.marks, place);
  const { tailSeconds } = prior;
  // Silence counts as far as the node was seen: while nobody can look, nobody knows.
  const arrived = steps.arrivedSeconds ?? nowSeconds;
  const silent = Math.max(0, Math.min(nowSeconds, steps.seenSeconds ?? nowSeconds) - arrived);
  const silentSeconds = silent > silenceLimitSeconds(pace, place, tailSeconds) ? silent : null;
  if (silentSeconds !== null) return { ...NO_TIME, silentSeconds, reason: "It has made no step for long." };
  if (pace === null) return null;
  if (stepsDone >= stepsTotal && tailSeconds === null && pace.evaluationSeconds === null) {
    return { ...NO_TIME, reason: "All steps are done; evaluating and saving have not been timed yet." };
  }
  const left = secondsLeft(pace, place, { sinceMarkSeconds: nowSeconds - arrived, tailSeconds });
  return {
    ...{ ...NO_TIME, secondsLeft: left, totalSeconds: elapsed + left },
    ...{ basis: "steps", basisCount: pace.stepCount },
  };
}

function waitingTime({ time, reason }: Prior): Time {
  if (time === null) return { ...NO_TIME, reason };
  const { seconds, basis, runCount, isSameSettings } = time;
  return {
    ...{
      ...NO_TIME,
      secondsLeft: seconds,
      totalSeconds: seconds,
      basis,
      basisCount: runCount,
      isSameSettings,
    },
    errorShare: basis === "published" ? PUBLISHED_ERROR_SHARE : null,
  };
}

/** Of a stage that is under way and has made too few steps to tell by them. */
function startedTime({ prior, stepsTotal }: StageFacts, elapsed: number): Time {
  const told = waitingTime(prior);
  const step = stepsUntilKnown(stepsTotal ?? Number.POSITIVE_INFINITY);
  const willTell = `its own steps will tell from step ${step} on.`;
  if (told.totalSeconds === null) return { ...NO_TIME, reason: `Not known yet: ${willTell}` };
  if (elapsed > told.totalSeconds) {
    return { ...NO_TIME, reason: `It takes longer than was estimated; ${willTell}` };
  }
  return { ...told, secondsLeft: told.totalSeconds - elapsed };
}
