import { expect, it } from "vitest";
import { withoutRepeats } from "./finding-repeats";
import type { Finding } from "./runs";

function finding(
  id: string,
  severity: Finding["severity"],
  { about = ["a/b"], ...more }: Partial<Finding> = {},
): Finding {
  return { id, severity, stage: "sft", path: "stages.sft.fields.data_path", message: id, about, ...more };
}
const ids = (...findings: Finding[]) => withoutRepeats(findings).map(({ id }) => id);

it.each<[string, Finding[], string[]]>([
  [
    "the node before the rows and the rules",
    [
      finding("data-folder", "note"),
      finding("data-on-node", "error"),
      finding("data-path-absent", "error"),
      finding("unknown-data-set", "warning"),
    ],
    ["data-on-node"],
  ],
  [
    "the rows before the rules",
    [finding("no-rejected-answers", "warning"), finding("data-no-rejected-answers", "error")],
    ["data-no-rejected-answers"],
  ],
  [
    "both files of a folder",
    [finding("data-part-absent", "error", { message: "train" }), finding("data-empty-file", "error")],
    ["data-part-absent", "data-empty-file"],
  ],
  [
    "an error beside a better informed warning",
    [finding("data-unsure", "warning"), finding("unknown-data-set", "error")],
    ["data-unsure", "unknown-data-set"],
  ],
  [
    "different troubles of the same data",
    [finding("data-on-node", "error"), finding("data-no-rejected-answers", "error")],
    ["data-on-node", "data-no-rejected-answers"],
  ],
])("tells a trouble once: %s", (_, findings, told) => {
  expect(ids(...findings)).toEqual(told);
});

it("keeps what is about other data, another stage, or nothing in particular", () => {
  const other = finding("data-folder", "note", { about: ["~/other"] });
  const stage = finding("data-folder", "note", { stage: "ppo" });
  const { about: _, ...nothing } = finding("data-folder", "note");
  const all = [finding("data-on-node", "error"), other, stage, nothing];
  expect(withoutRepeats(all)).toEqual(all);
});

it("lets one about several data sets go when each of them has a better one", () => {
  const both = finding("no-rejected-answers", "error", { about: ["a/b", "c/d"] });
  const first = finding("data-no-rejected-answers", "error");
  expect(ids(both, first)).toEqual(["no-rejected-answers", "data-no-rejected-answers"]);
  expect(ids(both, first, finding("data-no-rejected-answers", "error", { about: ["c/d"] }))).toEqual([
    "data-no-rejected-answers",
    "data-no-rejected-answers",
  ]);
});
