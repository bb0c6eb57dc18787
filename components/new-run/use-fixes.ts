"use client";

import { useState } from "react";
import {
  type AppliedFix,
  applyFixes,
  compatibleFixes,
  type IssueRow,
  isInForce,
  rowsOf,
  undoFix,
} from "./applied-fixes";
import type { Draft } from "./draft";
import type { Issue } from "./prepare-issues";

interface FixesInput {
  draft: Draft;
  issues: readonly Issue[];
  /** The issues are those of this draft. */
  isCurrent: boolean;
  change: (next: (now: Draft) => Draft) => void;
}

export interface Fixes {
  rows: readonly IssueRow[];
  /** What "apply all" would take now. */
  offered: readonly Issue[];
  /** How many fixes of the last "apply all" can still be taken back together. */
  undoable: number;
  apply: (issue: Issue) => void;
  applyAll: () => void;
  undo: (fix: AppliedFix) => void;
  undoAll: () => void;
}

/** The fixes that were taken: each can be taken back where it stood, until its field is changed otherwise. */
export function useFixes({ draft, issues, isCurrent, change }: FixesInput): Fixes {
  "use memo";
  const [taken, setTaken] = useState<readonly AppliedFix[]>([]);
  const [together, setTogether] = useState<readonly AppliedFix[]>([]);
  // What somebody has changed since is no fix any more, also when the value comes back by hand.
  const kept = taken.filter((fix) => (fix.isUndone ? !isCurrent : isInForce(fix, draft)));
  if (kept.length < taken.length) setTaken(kept);
  const standing = kept.filter(({ isUndone }) => !isUndone);
  function take(chosen: readonly Issue[]): readonly AppliedFix[] {
    const next = applyFixes(draft, chosen);
    const keys = new Set(chosen.map(({ key }) => key));
    change(() => next.draft);
    setTaken([...standing.filter(({ issue }) => !keys.has(issue.key)), ...next.applied]);
    return next.applied;
  }
  function takeBack(fixes: readonly AppliedFix[]) {
    const back = new Set(fixes.map(({ issue }) => issue.key));
    // The last first: a field that two fixes set gets its oldest value.
    change((now) => fixes.toReversed().reduce(undoFix, now));
    setTaken(kept.map((fix) => (back.has(fix.issue.key) ? { ...fix, isUndone: true } : fix)));
  }
  const stillTogether = together.filter((fix) => standing.some(({ issue }) => issue.key === fix.issue.key));
  return {
    rows: rowsOf(issues, { fixes: kept, draft, isCurrent }),
    offered: compatibleFixes(issues),
    undoable: stillTogether.length,
    apply: (issue) => void take([issue]),
    applyAll: () => setTogether(take(compatibleFixes(issues))),
    undo: (fix) => takeBack([fix]),
    undoAll: () => takeBack(stillTogether),
  };
}
