import { describe, expect, it } from "vitest";
import type { PreparationStep } from "../../contracts/preparation";
import { endSteps, parseSteps } from "./parse-steps";

const waiting = (name: PreparationStep["name"]): PreparationStep => ({
  name,
  state: "waiting",
  startedAt: null,
  endedAt: null,
  note: null,
});
const PLANNED = [waiting("environment"), waiting("torch")];

describe("parseSteps", () => {
  it("lays lines over the planned steps, with times and notes", () => {
    const text = "environment running 100 \nenvironment done 103 Python 3.11\ntorch running 104 \n";
    expect(parseSteps(text, PLANNED)).toEqual([
      {
        name: "environment",
        state: "done",
        startedAt: "1970-01-01T00:01:40.000Z",
        endedAt: "1970-01-01T00:01:43.000Z",
        note: "Python 3.11",
      },
      { ...waiting("torch"), state: "running", startedAt: "1970-01-01T00:01:44.000Z" },
    ]);
  });

  it.each([
    ["half a line", "environment done 100 Pyth"],
    ["an unknown step", "coffee done 100 \n"],
    ["an unknown state", "environment brewing 100 \n"],
    ["a step that the job does not have", "ops done 100 \n"],
    ["no time", "environment done x \n"],
    ["a time that no calendar has", "environment done 99999999999999 \n"],
  ])("takes nothing from %s", (_what, text) => {
    expect(parseSteps(text, PLANNED)).toEqual(PLANNED);
  });

  it("ends the step under way together with its job, and no other", () => {
    const steps = parseSteps("environment done 1 \ntorch running 2 \n", PLANNED);
    const ended = endSteps(steps, "cancelled", new Date(5000));
    expect(ended.map(({ state }) => state)).toEqual(["done", "cancelled"]);
    expect(ended[1]?.endedAt).toBe("1970-01-01T00:00:05.000Z");
  });
});
