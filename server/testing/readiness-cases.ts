import { describe, expect, it } from "vitest";
import type { ReadinessGroup, ReadinessLine, ReadinessState } from "../contracts/readiness";
import { judgeReadiness } from "../nodes/readiness/judge-readiness";
import type { PlaceFacts, ReadinessFacts } from "../nodes/readiness/readiness-facts";
import { placeFacts, READY_NODE, readinessFacts } from "./readiness-facts";

type Changes = Parameters<typeof readinessFacts>[0];
/** What is different from a ready node, the state of the line then, and a part of its evidence. */
export type Case = [name: string, changes: Changes, state: ReadinessState, evidence: string];

export function lineOf(id: string, facts: ReadinessFacts): ReadinessLine {
  const line = judgeReadiness(facts).find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`no line is called ${id}`);
  return line;
}

export function withPlace(
  role: PlaceFacts["role"],
  path: string,
  changes: Partial<PlaceFacts>,
): { places: PlaceFacts[] } {
  return {
    places: [...READY_NODE.places.filter((place) => place.role !== role), placeFacts(role, path, changes)],
  };
}

export function missingModule(name: string): { version: null; error: string } {
  return { version: null, error: `ModuleNotFoundError: No module named '${name}'` };
}

/** Each line of a group in each of its states; every line of the group has to be there. */
export function judgeCases(group: ReadinessGroup, cases: Record<string, Case[]>): void {
  describe(`readiness, ${group}`, () => {
    it("has cases for every line of the group", () => {
      const lines = judgeReadiness(READY_NODE).filter((line) => line.group === group);
      expect(Object.keys(cases).toSorted()).toEqual(lines.map((line) => line.id).toSorted());
    });

    for (const [id, rows] of Object.entries(cases)) {
      it.each(rows)(`${id}: %s`, (_name, changes, state, evidence) => {
        const line = lineOf(id, readinessFacts(changes));
        expect(line).toMatchObject({ state, evidence: expect.stringContaining(evidence) });
        const isProblem = state === "error" || state === "warning";
        expect(line.fix === null, "problems have a fix, and nothing else has").toBe(!isProblem);
      });
    }
  });
}
