import { expect, test } from "vitest";
import { isTouched } from "./is-touched";

const none = { nodes: [], runs: [], attempts: [], evaluations: [] };

test.each([
  ["/runs", { ...none, runs: ["a"] }, true],
  ["/runs?status=active", { ...none, runs: ["a"] }, true],
  ["/runs/a", { ...none, runs: ["a"] }, true],
  ["/runs/b", { ...none, runs: ["a"] }, false],
  ["/nodes/n", { ...none, runs: ["a"] }, true],
  ["/nodes/n/samples?points=600", { ...none, nodes: ["n"] }, false],
  ["/attempts/x/events", { ...none, attempts: ["x"] }, true],
  ["/attempts/x/scalars", { ...none, attempts: ["x"] }, false],
  ["/evaluations", { ...none, runs: ["a"] }, false],
  ["/recipes", { nodes: ["n"], runs: ["a"], attempts: ["x"], evaluations: ["e"] }, false],
])("%s after %o: %s", (path, changes, isHit) => expect(isTouched(path, changes)).toBe(isHit));
