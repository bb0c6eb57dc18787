import { expect, test } from "vitest";
import type { ReadinessLine } from "@/server/contracts/readiness";
import { describeProblems, readinessSections } from "./prepare-readiness";

const line = (id: string, group: ReadinessLine["group"], state: ReadinessLine["state"]): ReadinessLine => ({
  id,
  group,
  title: id,
  state,
  evidence: "",
  fix: null,
});

test("problems come first, in their group and between groups, and equal lines keep their order", () => {
  const sections = readinessSections([
    line("shell", "system", "not_applicable"),
    line("setsid", "system", "ok"),
    line("home", "storage", "ok"),
    line("tmp", "storage", "warning"),
    line("python", "python", "ok"),
    line("torch", "python", "unknown"),
    line("deepspeed", "application", "ok"),
    line("ops", "application", "error"),
    line("hub", "application", "error"),
  ]);
  expect(sections.map(({ title, lines }) => [title, lines.map(({ id }) => id)])).toEqual([
    ["DeepSpeed-Chat", ["ops", "hub", "deepspeed"]],
    ["Storage", ["tmp", "home"]],
    ["Python and CUDA", ["torch", "python"]],
    ["System", ["setsid", "shell"]],
  ]);
});

test("a fix that several lines have in common is shown once, at the first of them", () => {
  const fix = { text: "Prepare the node.", command: null, actions: ["prepare_node" as const] };
  const other = { ...fix, text: "Clone it." };
  const sections = readinessSections([
    { ...line("torch", "python", "error"), fix },
    { ...line("deepspeed", "application", "error"), fix },
    { ...line("examples", "application", "error"), fix: other },
    line("hub", "application", "ok"),
  ]);
  expect(sections.flatMap(({ lines }) => lines.map(({ id, sameFixAs }) => [id, sameFixAs]))).toEqual([
    ["torch", null],
    ["deepspeed", "torch"],
    ["examples", null],
    ["hub", null],
  ]);
});

test("a group without lines is not shown", () => {
  expect(readinessSections([])).toEqual([]);
});

test("counts read as words", () => {
  expect(describeProblems({ errors: 2, warnings: 1 })).toBe("2 errors, 1 warning");
  expect(describeProblems({ errors: 0, warnings: 3 })).toBe("3 warnings");
  expect(describeProblems({ errors: 0, warnings: 0 })).toBeNull();
});
