import type { PastForecast } from "../contracts/forecasts";
import type { Prior } from "./forecast-stage";
import { measurePace, type StagePlace, type StepMark, secondsFromMark, stepsUntilKnown } from "./live-pace";

export interface EndedStage {
  startedSeconds: number;
  endedSeconds: number;
  stepsTotal: number;
  epochs: number;
  /** Of the steps that `pastSteps` names, and around them. */
  marks: readonly StepMark[];
  /** As it was before this stage started. */
  prior: Prior;
}

/** Steps at which the forecast is looked back at: where a stage begins to tell its own time, and its middle. */
export function pastSteps(stepsTotal: number): number[] {
  const first = stepsUntilKnown(stepsTotal);
  const middle = Math.floor(stepsTotal / 2);
  return first >= stepsTotal ? [] : middle > first ? [first, middle] : [first];
}

/**
 * What was said of an ended stage's whole time, computed again from its stored steps: before its start, at its first telling
 * step and in its middle. Where the steps lie outside of the stage, the node's clock is not ours: then only the first.
 */
export function pastForecasts(stage: EndedStage): PastForecast[] {
  const { startedSeconds, endedSeconds, stepsTotal, epochs, marks, prior } = stage;
  const past: PastForecast[] = [];
  if (prior.time !== null) past.push({ step: 0, seconds: prior.time.seconds, basis: prior.time.basis });
  const last = marks.findLast(({ step }) => step === stepsTotal);
  const first = marks[0];
  if (last === undefined || first === undefined) return past;
  if (first.atSeconds < startedSeconds || last.atSeconds > endedSeconds) return past;
  for (const step of pastSteps(stepsTotal)) {
    const mark = marks.find((candidate) => candidate.step === step);
    const place: StagePlace = { stepsDone: step, stepsTotal, epochs };
    const pace = measurePace(marks, place);
    if (mark === undefined || pace === null) continue;
    const elapsed = mark.atSeconds - startedSeconds;
    past.push({ step, seconds: elapsed + secondsFromMark(pace, place, prior.tailSeconds), basis: "steps" });
  }
  return past;
}
