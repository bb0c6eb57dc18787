/** When a step was done: seconds on one clock, whichever it is. */
export interface StepMark {
  step: number;
  atSeconds: number;
}

/** How long a stage's steps take, measured on the stage itself. Seconds. */
export interface LivePace {
  secondsPerStep: number;
  /** Steps that it was measured on. */
  stepCount: number;
  /** Of the pauses that come again within an epoch (saving, evaluating at an interval), on each step. */
  pauseSecondsPerStep: number;
  /** Between the last step of an epoch and the next one, beyond a step; null before the first such pause. */
  evaluationSeconds: number | null;
  /** The longest that two marks next to each other were apart. */
  longestGapSeconds: number;
}

/** Where a stage stands. */
export interface StagePlace {
  stepsDone: number;
  stepsTotal: number;
  epochs: number;
}

const WINDOW_STEPS = 200;
const FIRST_STEPS = 20;
/** Compiling, growing caches and filling the allocator make the first steps slow. */
const WARM_UP_STEPS = 10;
/** A gap this many times longer than the median step holds a pause. */
const PAUSE_FACTOR = 3;
/** Fewer pauses than this may be chance: they are not expected again. */
const RECURRING_PAUSES = 3;
const SILENT_STEPS = 10;
const SILENT_GAPS = 3;
const SILENT_AT_LEAST_SECONDS = 60;
/** At the end of an epoch, before its evaluation was ever measured. */
const SILENT_AT_EPOCH_END_SECONDS = 600;

interface Gap {
  from: number;
  steps: number;
  seconds: number;
}

/** Steps after which a stage tells its own time: 20, or half of a stage that has fewer than 40. */
export function stepsUntilKnown(stepsTotal: number): number {
  return Math.min(FIRST_STEPS, Math.max(2, Math.ceil(stepsTotal / 2)));
}

/** Steps that marks are wanted of: what a pace is measured on, and each end of an epoch that has passed. */
export function wantedSteps({ stepsDone, stepsTotal, epochs }: StagePlace): [from: number, to: number][] {
  const recent: [number, number] = [stepsDone - WINDOW_STEPS, stepsDone];
  const ends = epochEnds({ stepsTotal, epochs }).filter((end) => end < stepsDone);
  return [...ends.slice(-RECURRING_PAUSES).map((end): [number, number] => [end, end + 1]), recent];
}

/**
 * The pace of the last 200 steps: of the gaps between marks, without the first ten steps of the stage and without ends of
 * epochs, those up to three times as long as the median step; their time over their steps. Longer gaps are pauses: what
 * they have beyond their steps counts on each step once there are three of them. Lines that arrived together
 * share a time and count as one mark; where the clock went back there is no gap.
 * null: fewer steps than `stepsUntilKnown`, or no two marks apart in time.
 */
export function measurePace(marks: readonly StepMark[], place: StagePlace): LivePace | null {
  if (place.stepsDone < stepsUntilKnown(place.stepsTotal)) return null;
  const ends = epochEnds(place);
  const gaps = gapsOf(marks.filter(({ step }) => step <= place.stepsDone));
  const isAtEnd = ({ from, steps }: Gap) => ends.some((end) => end >= from && end < from + steps);
  const inner = gaps.filter((gap) => gap.from >= place.stepsDone - WINDOW_STEPS && !isAtEnd(gap));
  const warm = inner.filter(({ from }) => from >= WARM_UP_STEPS);
  const used = warm.length > 0 ? warm : inner;
  const median = medianStep(used);
  if (median === null) return null;
  const isPause = ({ steps, seconds }: Gap) => seconds / steps > PAUSE_FACTOR * median;
  const even = used.filter((gap) => !isPause(gap));
  const stepCount = sum(even.map(({ steps }) => steps));
  const secondsPerStep = sum(even.map(({ seconds }) => seconds)) / stepCount;
  const beyond = ({ steps, seconds }: Gap) => Math.max(0, seconds - steps * secondsPerStep);
  const pauses = used.filter(isPause).map(beyond);
  const seenSteps = sum(used.map(({ steps }) => steps));
  return {
    secondsPerStep,
    stepCount,
    pauseSecondsPerStep:
      pauses.length < RECURRING_PAUSES ? 0 : ((middle(pauses) ?? 0) * pauses.length) / seenSteps,
    // A gap over many steps, where marks are missing, tells little of the one pause in it.
    evaluationSeconds: middle(gaps.filter((gap) => isAtEnd(gap) && gap.steps <= FIRST_STEPS).map(beyond)),
    longestGapSeconds: Math.max(...used.map(({ seconds }) => seconds)),
  };
}

/**
 * Seconds from the last step's mark to the end of the stage: its steps, their pauses, an evaluation at the end of each
 * epoch, and what follows the last step. `tailSeconds`: of that, as finished stages took; null: an evaluation's time.
 */
export function secondsFromMark(pace: LivePace, place: StagePlace, tailSeconds: number | null): number {
  const { secondsPerStep, pauseSecondsPerStep, evaluationSeconds } = pace;
  const steps = Math.max(0, place.stepsTotal - place.stepsDone);
  const evaluations = epochEnds(place).filter((end) => end >= place.stepsDone).length;
  return (
    steps * (secondsPerStep + pauseSecondsPerStep) +
    evaluations * (evaluationSeconds ?? 0) +
    (tailSeconds ?? evaluationSeconds ?? 0)
  );
}

/**
 * Seconds left when the last step is `sinceMarkSeconds` old: as long as it may still be the next step, or the evaluation,
 * that takes them, they are counted off; after that the estimate stands still instead of falling to nothing.
 */
export function secondsLeft(
  pace: LivePace,
  place: StagePlace,
  { sinceMarkSeconds, tailSeconds }: { sinceMarkSeconds: number; tailSeconds: number | null },
): number {
  const whole = secondsFromMark(pace, place, tailSeconds);
  const next = secondsFromMark(pace, { ...place, stepsDone: place.stepsDone + 1 }, tailSeconds);
  const underWay = place.stepsDone >= place.stepsTotal ? whole : whole - next;
  return Math.max(0, whole - Math.min(Math.max(0, sinceMarkSeconds), underWay));
}

/** How long a stage may be without a step before that is worth saying: far longer than its steps and pauses were. */
export function silenceLimitSeconds(
  pace: LivePace | null,
  place: StagePlace,
  tailSeconds: number | null,
): number {
  if (pace === null) return SILENT_AT_EPOCH_END_SECONDS;
  const usual = Math.max(
    SILENT_AT_LEAST_SECONDS,
    SILENT_STEPS * pace.secondsPerStep,
    SILENT_GAPS * pace.longestGapSeconds,
  );
  const { stepsDone, stepsTotal } = place;
  if (stepsDone < stepsTotal && !epochEnds(place).includes(stepsDone)) return usual;
  const pause = stepsDone >= stepsTotal ? (tailSeconds ?? pace.evaluationSeconds) : pace.evaluationSeconds;
  return Math.max(usual, pause === null ? SILENT_AT_EPOCH_END_SECONDS : SILENT_GAPS * pause);
}

/** Last steps of all epochs but the last one, whose end is the stage's. */
function epochEnds({ stepsTotal, epochs }: Pick<StagePlace, "stepsTotal" | "epochs">): number[] {
  const count = Number.isInteger(epochs) && epochs > 1 && epochs <= stepsTotal ? epochs - 1 : 0;
  return Array.from({ length: count }, (_, index) => Math.round(((index + 1) * stepsTotal) / epochs));
}

function gapsOf(marks: readonly StepMark[]): Gap[] {
  const gaps: Gap[] = [];
  let last: StepMark | null = null;
  for (const mark of togetherInTime(marks)) {
    const seconds = last === null ? 0 : mark.atSeconds - last.atSeconds;
    if (last !== null && seconds > 0) gaps.push({ from: last.step, steps: mark.step - last.step, seconds });
    last = mark;
  }
  return gaps;
}

/** One mark a time: the furthest step that was seen at it. */
function togetherInTime(marks: readonly StepMark[]): StepMark[] {
  const merged: StepMark[] = [];
  for (const mark of marks) {
    const before = merged.at(-1);
    if (!Number.isFinite(mark.atSeconds) || (before !== undefined && mark.step <= before.step)) continue;
    if (before?.atSeconds === mark.atSeconds) merged.pop();
    merged.push(mark);
  }
  return merged;
}

/** The median over steps, not over gaps: a gap of ten steps counts ten times. */
function medianStep(gaps: readonly Gap[]): number | null {
  const sorted = gaps.toSorted((a, b) => a.seconds / a.steps - b.seconds / b.steps);
  const half = sum(sorted.map(({ steps }) => steps)) / 2;
  let seen = 0;
  for (const { steps, seconds } of sorted) {
    seen += steps;
    if (seen >= half) return seconds / steps;
  }
  return null;
}

function middle(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
