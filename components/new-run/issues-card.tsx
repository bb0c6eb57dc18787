"use client";

import { ChevronRight } from "lucide-react";
import { SEVERITY_LOOK } from "@/components/status/severity-look";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { groupRows, type PartRows, type SeverityRows } from "./applied-fixes";
import type { FindingSource } from "./finding-source";
import { FindingSources } from "./finding-sources";
import { IssueCountsView } from "./issue-counts";
import { type IssueActions, IssueRowView } from "./issue-row";
import { countText, ISSUES_ID, type IssueCounts, type IssuePart } from "./prepare-issues";
import type { Fixes } from "./use-fixes";

export interface IssuesCardProps extends Pick<IssueActions, "recipe" | "onShow"> {
  fixes: Fixes;
  counts: IssueCounts;
  isChecked: boolean;
  sources: readonly FindingSource[];
  /** The findings are those of what the form says now. */
  isCurrent: boolean;
}

/** What stands against the start, what is doubtful, what to know, and who looked: each with its field and its fix. */
export function IssuesCard({ fixes, counts, isChecked, sources, isCurrent, ...props }: IssuesCardProps) {
  "use memo";
  const groups = groupRows(fixes.rows);
  const actions = { ...props, onApply: fixes.apply, onUndo: fixes.undo };
  return (
    <Card
      title={
        <span id={ISSUES_ID} tabIndex={-1} className="scroll-mt-20">
          Before it starts
        </span>
      }
      aside={
        <span className="flex items-center gap-x-3">
          {counts.error + counts.warning === 0 && <IssueCountsView counts={counts} isChecked={isChecked} />}
          <AllFixes {...fixes} />
        </span>
      }
    >
      <ScrollRegion label="Findings" className="xl:max-h-[44dvh]">
        <div aria-busy={!isCurrent}>
          {groups.length === 0 && (
            <p className="py-1">{isChecked ? "Nothing was found." : "Nothing could be checked."}</p>
          )}
          {groups.map((group) => (
            <SeverityGroup key={group.severity} group={group} actions={actions} />
          ))}
        </div>
      </ScrollRegion>
      <FindingSources sources={sources} />
    </Card>
  );
}

/** Several fixes at one press, and the way back at the same place. */
function AllFixes({ offered, undoable, applyAll, undoAll }: Fixes) {
  const isBack = offered.length < 2;
  const count = isBack ? undoable : offered.length;
  if (count < 2) return null;
  return (
    <Button size="sm" className="-my-1" onClick={isBack ? undoAll : applyAll}>
      <span>
        {isBack ? "Undo" : "Apply"} <span className="num">{count}</span> fixes
      </span>
    </Button>
  );
}

interface GroupProps {
  group: SeverityRows;
  actions: IssueActions;
}

/** Notes are folded: nobody has to do anything about them. */
function SeverityGroup({ group, actions }: GroupProps) {
  const { severity, openCount, parts } = group;
  const text = openCount === 0 ? "fixed" : countText(severity, openCount);
  const rows = parts.map((one) => <PartGroup key={one.part} {...one} actions={actions} />);
  if (severity === "note") {
    return (
      <details className="group border-line-faint border-t first:border-t-0">
        <summary className="flex h-8 cursor-pointer list-none items-center gap-1.5 rounded text-muted -outline-offset-2">
          <ChevronRight
            aria-hidden
            className="size-4 transition-transform duration-100 group-open:rotate-90"
          />
          {text}
        </summary>
        {rows}
      </details>
    );
  }
  return (
    <section
      aria-label={`${SEVERITY_LOOK[severity].word}s`}
      className="border-line-faint border-t py-1 first:border-t-0"
    >
      <h3 className={`pt-0.5 text-xs ${openCount === 0 ? "text-muted" : SEVERITY_LOOK[severity].className}`}>
        {text}
      </h3>
      {rows}
    </section>
  );
}

function PartGroup({ part, rows, actions }: PartRows & { actions: IssueActions }) {
  const { text, className } = partLook(part);
  return (
    <div className="grid grid-cols-[52px_minmax(0,1fr)] gap-x-2">
      <h4 className={`py-1.5 ${className}`}>{text}</h4>
      <ul>
        {rows.map((row) => (
          <IssueRowView key={row.issue.key} row={row} {...actions} />
        ))}
      </ul>
    </div>
  );
}

function partLook(part: IssuePart): { text: string; className: string } {
  if (part === "run" || part === "evaluation") {
    return { text: part === "run" ? "run" : "answers", className: "text-muted" };
  }
  return { text: STAGE_LOOK[part].short, className: STAGE_LOOK[part].textClassName };
}
