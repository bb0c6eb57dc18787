import { Check } from "lucide-react";
import { SEVERITY_LOOK } from "@/components/status/severity-look";
import { Button } from "@/components/ui/button";
import type { RecipeView } from "@/server/contracts/recipes";
import type { AppliedFix, IssueRow } from "./applied-fixes";
import { nameOfPath, valueText } from "./field-place";
import type { Issue } from "./prepare-issues";

export interface IssueActions {
  recipe: RecipeView;
  onApply: (issue: Issue) => void;
  onUndo: (fix: AppliedFix) => void;
  onShow: (path: string) => void;
}

/** A finding with its field, reason and fix; once the fix is taken, what it changed and the way back, in the same place. */
export function IssueRowView({ row: { issue, applied }, ...actions }: IssueActions & { row: IssueRow }) {
  const { icon: SeverityIcon, word, className } = SEVERITY_LOOK[issue.severity];
  const Icon = applied ? Check : SeverityIcon;
  return (
    <li className="flex gap-2 py-1.5">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${applied ? "text-ok" : className}`} />
      <div className="min-w-0 flex-1">
        <FieldLine issue={issue} word={applied ? "Fixed" : word} onShow={actions.onShow} />
        {!applied && <p>{issue.message}</p>}
        <FixLine issue={issue} applied={applied} {...actions} />
      </div>
    </li>
  );
}

interface FieldLineProps extends Pick<IssueActions, "onShow"> {
  issue: Issue;
  word: string;
}

function FieldLine({ issue: { field, path }, word, onShow }: FieldLineProps) {
  if (field === null || path === null) return <span className="sr-only">{word}: </span>;
  return (
    <div className="flex items-baseline gap-x-2">
      <span className="sr-only">{word}: </span>
      <span className="shrink-0 font-medium">{field.label}</span>
      {field.flag !== null && (
        <code className="num min-w-0 truncate text-[11px] text-muted" title={field.flag}>
          {field.flag}
        </code>
      )}
      <Button
        variant="ghost"
        size="sm"
        className="-my-1 -mr-2 ml-auto"
        aria-label={`Show field ${[field.part, field.label].filter(Boolean).join(", ")}`}
        onClick={() => onShow(path)}
      >
        Show field
      </Button>
    </div>
  );
}

interface FixLineProps extends IssueActions {
  issue: Issue;
  applied: AppliedFix | null;
}

function FixLine({ issue, applied, recipe, onApply, onUndo }: FixLineProps) {
  const { fix } = issue;
  if (fix === null) return null;
  const label = (path: string) => nameOfPath(path, recipe)?.label ?? path;
  const isWorthListing = applied !== null || fix.changes.length > 1;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1">
      <Button
        size="sm"
        className="h-auto min-h-7 max-w-full whitespace-normal text-left"
        aria-label={applied ? `Undo: ${fix.label}` : fix.label}
        onClick={() => (applied ? onUndo(applied) : onApply(issue))}
      >
        {applied ? "Undo" : fix.label}
      </Button>
      {isWorthListing && (
        <ul aria-label="Changes" className="min-w-0 text-muted text-xs">
          {(applied?.changes ?? fix.changes).map((change) => (
            <li key={change.path} className="[overflow-wrap:anywhere]">
              {label(change.path)}{" "}
              <span className="num text-[11px]">
                {"before" in change && `${valueText(change.path, change.before, recipe)} `}→{" "}
                <span className="text-fg">{valueText(change.path, change.value, recipe)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
