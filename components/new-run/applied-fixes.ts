import type { FieldValue } from "@/server/contracts/recipes";
import type { Fix } from "@/server/contracts/runs";
import { type Draft, withFix } from "./draft";
import { valueAt } from "./field-place";
import { byPlace, ISSUE_PARTS, type Issue, type IssuePart, SEVERITIES } from "./prepare-issues";

/** A fix that was taken, and what it replaced. */
export interface AppliedFix {
  issue: Issue;
  changes: readonly AppliedChange[];
  /** Taken back: until the next answer says so again, its issue is shown as it was. */
  isUndone: boolean;
}

/** `before` null: nothing was set. */
export type AppliedChange = Fix["changes"][number] & { before: FieldValue };

/** What a row of the list shows: a finding that stands, or in its place the fix that was taken. */
export interface IssueRow {
  issue: Issue;
  applied: AppliedFix | null;
}

/** Fixes of errors and warnings that can all be taken at once: none changes a field that another changes otherwise. */
export function compatibleFixes(issues: readonly Issue[]): Issue[] {
  const values = new Map<string, string>();
  return issues.filter(({ severity, fix }) => {
    if (severity === "note" || fix === null) return false;
    const wanted = fix.changes.map(({ path, value }) => [path, JSON.stringify(value)] as const);
    if (wanted.some(([path, value]) => (values.get(path) ?? value) !== value)) return false;
    for (const [path, value] of wanted) values.set(path, value);
    return true;
  });
}

export function applyFixes(draft: Draft, issues: readonly Issue[]): { draft: Draft; applied: AppliedFix[] } {
  const applied = issues.map((issue) => ({
    issue,
    changes: (issue.fix?.changes ?? []).map((change) => ({ ...change, before: valueAt(draft, change.path) })),
    isUndone: false,
  }));
  return {
    draft: withFix(
      draft,
      applied.flatMap(({ changes }) => changes),
    ),
    applied,
  };
}

export function undoFix(draft: Draft, { changes }: AppliedFix): Draft {
  return withFix(
    draft,
    changes.map(({ path, before }) => ({ path, value: before })),
  );
}

/** Nobody has changed since what the fix changed. */
export function isInForce({ changes, isUndone }: AppliedFix, draft: Draft): boolean {
  return (
    !isUndone &&
    changes.every(({ path, value }) => JSON.stringify(valueAt(draft, path)) === JSON.stringify(value))
  );
}

/**
 * The list's rows. A taken fix stands in its finding's place; when the answer to the changed form still has the finding,
 * that is shown instead.
 */
export function rowsOf(
  issues: readonly Issue[],
  { fixes, draft, isCurrent }: { fixes: readonly AppliedFix[]; draft: Draft; isCurrent: boolean },
): IssueRow[] {
  const rows = new Map<string, IssueRow>(issues.map((issue) => [issue.key, { issue, applied: null }]));
  for (const applied of fixes) {
    const { issue } = applied;
    const isOpen = rows.has(issue.key);
    if (isInForce(applied, draft)) {
      if (!isOpen || !isCurrent) rows.set(issue.key, { issue, applied });
    } else if (applied.isUndone && !isOpen && !isCurrent) rows.set(issue.key, { issue, applied: null });
  }
  return [...rows.values()].toSorted((one, other) => byPlace(one.issue, other.issue));
}

export interface PartRows {
  part: IssuePart;
  rows: IssueRow[];
}
export interface SeverityRows {
  severity: Issue["severity"];
  /** Without the rows whose fix was taken. */
  openCount: number;
  parts: PartRows[];
}

/** By severity, then by the part of the form; groups without a row are left out. */
export function groupRows(rows: readonly IssueRow[]): SeverityRows[] {
  return SEVERITIES.flatMap((severity): SeverityRows[] => {
    const own = rows.filter(({ issue }) => issue.severity === severity);
    const parts = ISSUE_PARTS.map((part) => ({ part, rows: own.filter(({ issue }) => issue.part === part) }));
    const openCount = own.filter(({ applied }) => applied === null).length;
    return own.length === 0
      ? []
      : [{ severity, openCount, parts: parts.filter((group) => group.rows.length > 0) }];
  });
}
