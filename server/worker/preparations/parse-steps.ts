import { z } from "zod";
import { PreparationStep, STEP_STATES } from "../../contracts/preparation";

const Line = z.object({
  name: PreparationStep.shape.name,
  state: z.enum(STEP_STATES),
  seconds: z.coerce.number().int().min(0).max(8_640_000_000),
  note: z.string().transform((text) => (text === "" ? null : text.slice(0, 1000))),
});
const LINE = /^(\S+) (\S+) (\d+) (.*)$/;

/**
 * The file `steps` of a job ("NAME STATE UNIX_SECONDS NOTE" a line, written by prepare-node.sh) laid over the steps that
 * the job has. Lines that make no sense cost themselves only; half a line at the end is none yet.
 */
export function parseSteps(text: string, planned: readonly PreparationStep[]): PreparationStep[] {
  const steps = planned.map(
    ({ name }): PreparationStep => ({ name, state: "waiting", startedAt: null, endedAt: null, note: null }),
  );
  for (const line of text.split("\n").slice(0, -1)) {
    const [, name, state, seconds, note] = LINE.exec(line) ?? [];
    const parsed = Line.safeParse({ name, state, seconds, note });
    const step = parsed.success ? steps.find((each) => each.name === parsed.data.name) : undefined;
    if (!parsed.success || step === undefined) continue;
    const at = new Date(parsed.data.seconds * 1000).toISOString();
    step.state = parsed.data.state;
    step.note = parsed.data.note;
    if (step.state === "running") step.startedAt = at;
    else step.endedAt = at;
  }
  return steps;
}

/** Once the job has ended nothing of it runs: the step it was in ended with it. */
export function endSteps(
  steps: readonly PreparationStep[],
  state: "failed" | "cancelled",
  endedAt: Date,
): PreparationStep[] {
  return steps.map((step) =>
    step.state === "running" ? { ...step, state, endedAt: endedAt.toISOString() } : step,
  );
}
