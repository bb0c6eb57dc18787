import { describe, expect, test } from "vitest";
import { applyFixes, compatibleFixes, groupRows, isInForce, rowsOf, undoFix } from "./applied-fixes";
import { withField } from "./draft";
import { issueDraft as draft, issueRecipe as recipe } from "./issue-fixtures";
import { prepareIssues } from "./prepare-issues";

const EPOCHS = "stages.sft.fields.num_train_epochs";
const RATE = "stages.sft.fields.learning_rate";

function issueWith(
  id: string,
  changes: [path: string, value: number][],
  severity: "error" | "warning" | "note" = "error",
) {
  const fix = { label: id, changes: changes.map(([path, value]) => ({ path, value })) };
  const path = changes[0]?.[0] ?? null;
  const finding = { id, severity, stage: "sft" as const, path, message: `${id} is wrong.`, fix };
  return prepareIssues({ recipe, refused: [], sources: [{ findings: [finding] }] });
}
const both = issueWith("both", [
  [EPOCHS, 1],
  [RATE, 0.1],
]);

test("a fix makes all its changes, and undoing gives every field what it held, also nothing", () => {
  const { draft: fixed, applied } = applyFixes(draft, both);
  expect(fixed.parameters.stages.sft.fields).toEqual({ num_train_epochs: 1, learning_rate: 0.1 });
  const [fix] = applied;
  expect(fix && undoFix(fixed, fix)).toEqual(draft);
});

test("fixes that want different values of one field are not taken together, nor are those of notes", () => {
  const [first] = issueWith("first", [[EPOCHS, 1]]);
  const [same] = issueWith("same", [
    [EPOCHS, 1],
    [RATE, 0.1],
  ]);
  const [other] = issueWith("other", [[EPOCHS, 2]], "warning");
  const [note] = issueWith("note", [[RATE, 0.1]], "note");
  const all = [first, same, other, note].filter((issue) => issue !== undefined);
  expect(compatibleFixes(all).map(({ message }) => message)).toEqual(["first is wrong.", "same is wrong."]);
});

describe("the rows", () => {
  const { draft: fixed, applied } = applyFixes(draft, both);

  test("show the fix in its finding's place, already before the next answer is there", () => {
    const before = rowsOf(both, { fixes: applied, draft: fixed, isCurrent: false });
    const after = rowsOf([], { fixes: applied, draft: fixed, isCurrent: true });
    expect(before).toEqual(after);
    expect(after).toMatchObject([{ issue: { key: both[0]?.key }, applied: { isUndone: false } }]);
    expect(groupRows(after)).toMatchObject([{ severity: "error", openCount: 0, parts: [{ part: "sft" }] }]);
  });

  test("show the finding again when the fix has not helped", () => {
    const rows = rowsOf(both, { fixes: applied, draft: fixed, isCurrent: true });
    expect(rows).toEqual([{ issue: both[0], applied: null }]);
  });

  test("forget a fix whose field was changed otherwise", () => {
    const typed = withField(fixed, "sft", "num_train_epochs", "7");
    expect(applied.map((fix) => isInForce(fix, typed))).toEqual([false]);
    expect(rowsOf([], { fixes: applied, draft: typed, isCurrent: true })).toEqual([]);
  });

  test("keep the finding of an undone fix until the answer says whether it stands", () => {
    const undone = applied.map((fix) => ({ ...fix, isUndone: true }));
    expect(rowsOf([], { fixes: undone, draft, isCurrent: false })).toEqual([
      { issue: both[0], applied: null },
    ]);
    expect(rowsOf([], { fixes: undone, draft, isCurrent: true })).toEqual([]);
  });
});
