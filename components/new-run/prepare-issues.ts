import { withoutRepeats } from "@/server/contracts/finding-repeats";
import type { RecipeView } from "@/server/contracts/recipes";
import type { Finding, Fix } from "@/server/contracts/runs";
import { STAGE_KINDS, type StageKind } from "@/server/contracts/statuses";
import { isFixable } from "./draft";
import { parseFieldPath } from "./field-path";
import { type FieldName, nameOfPath, rankOfPath } from "./field-place";
import type { FindingSource } from "./finding-source";

/** Of the card that lists the issues. */
export const ISSUES_ID = "before-it-starts";

export const SEVERITIES = ["error", "warning", "note"] as const satisfies Finding["severity"][];
/** The parts of the form that an issue may belong to, in the form's order. */
export const ISSUE_PARTS = ["run", ...STAGE_KINDS, "evaluation"] as const;
export type IssuePart = (typeof ISSUE_PARTS)[number];

/** A finding as the form shows it. */
export interface Issue {
  /** Stays while a finding's words change with what is typed: its row stays where it is. */
  key: string;
  severity: Finding["severity"];
  part: IssuePart;
  /** As the form's fields know themselves; null: it is about no single field. */
  path: string | null;
  field: FieldName | null;
  /** Where its field stands within its part. */
  rank: number;
  message: string;
  fix: Fix | null;
}

interface Sayings {
  sources: readonly Pick<FindingSource, "findings">[];
  /** What the server or the form's own contract refused, field by field. */
  refused: readonly { path: string; message: string }[];
  recipe: RecipeView;
}

/** Everything wrong or doubtful that any source says, once: the worst first, then in the form's order. Pure. */
export function prepareIssues({ sources, refused, recipe }: Sayings): Issue[] {
  const told = withoutRepeats(sources.flatMap(({ findings }) => findings));
  const all = [...refused.map(asFinding), ...told];
  const bySaying = new Map<string, Issue>();
  const keys = new Set<string>();
  for (const finding of all) {
    const path = formPath(finding.path);
    const saying = `${path} ${finding.message}`;
    const fix = fixOf(finding);
    const before = bySaying.get(saying);
    // The same problem may come twice; the one that brings a fix is the better one.
    if (before && (before.fix !== null || fix === null)) continue;
    const key = keys.has(`${finding.id} ${path}`) ? `${finding.id} ${saying}` : `${finding.id} ${path}`;
    keys.add(key);
    const { severity, message } = finding;
    const place = path === null ? { field: null, rank: 0 } : placeOf(path, recipe);
    bySaying.set(saying, { key, severity, part: partOf(finding.stage, path), path, ...place, message, fix });
  }
  return [...bySaying.values()].toSorted(byPlace);
}

export function byPlace(one: Issue, other: Issue): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    ISSUE_PARTS.indexOf(one.part) - ISSUE_PARTS.indexOf(other.part) ||
    one.rank - other.rank
  );
}

function asFinding({ path, message }: { path: string; message: string }): Finding {
  return { id: "refused", severity: "error", stage: null, path, message };
}

/** The server's paths begin at the request, the form's at the parameters. */
function formPath(path: string | null): string | null {
  return path?.replace(/^parameters\./, "") ?? null;
}

function placeOf(path: string, recipe: RecipeView): Pick<Issue, "field" | "rank"> {
  return { field: nameOfPath(path, recipe), rank: rankOfPath(path, recipe) };
}

function partOf(stage: StageKind | null, path: string | null): IssuePart {
  const { part } = parseFieldPath(path ?? "");
  return part === "evaluation" ? part : (stage ?? part ?? "run");
}

/** null also for a fix that the form could not make wholly. */
function fixOf({ fix }: Finding): Fix | null {
  return fix?.changes.every(isFixable) ? fix : null;
}

/** The first message of such severity at every field. */
export function messagesByPath(issues: readonly Issue[], severity: Issue["severity"]): Map<string, string> {
  const messages = new Map<string, string>();
  for (const issue of issues) {
    if (issue.severity !== severity || issue.path === null || messages.has(issue.path)) continue;
    messages.set(issue.path, issue.message);
  }
  return messages;
}

export type IssueCounts = Record<Issue["severity"], number>;

export function countIssues(issues: readonly Pick<Issue, "severity">[]): IssueCounts {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of issues) counts[severity] += 1;
  return counts;
}

/** "1 error", "2 warnings" */
export function countText(severity: Issue["severity"], count: number): string {
  return `${count} ${severity}${count === 1 ? "" : "s"}`;
}
