"use client";

import { LoaderCircle } from "lucide-react";
import { useId } from "react";
import { useDebounced } from "@/components/hooks/use-debounced";
import { Button } from "@/components/ui/button";
import { IssueCountsView } from "./issue-counts";
import { countText, ISSUES_ID, type Issue, type IssueCounts } from "./prepare-issues";

export interface StartBarProps {
  issues: readonly Issue[];
  counts: IssueCounts;
  isChecked: boolean;
  /** Nothing has been found out yet. */
  isChecking: boolean;
  isStarting: boolean;
  onShow: (path: string) => void;
}

/** Always in sight: whether the run can start, why it cannot, and the button that starts it. */
export function StartBar({ issues, counts, isChecked, isChecking, isStarting, onShow }: StartBarProps) {
  "use memo";
  const reasonId = useId();
  const [first] = issues;
  const blocking = first?.severity === "error" ? first : null;
  return (
    <div className="sticky bottom-[calc(56px+env(safe-area-inset-bottom))] z-20 -mx-4 mt-6 flex min-h-[57px] items-center gap-3 border-t bg-bg px-4 py-2 sm:bottom-0 sm:-mx-6 sm:-mb-10 sm:px-6">
      <div className="flex min-w-0 flex-1 items-center gap-x-4 max-sm:flex-col max-sm:items-start">
        {isChecking ? (
          <span className="flex items-center gap-2 text-muted">
            <LoaderCircle aria-hidden className="size-4 animate-turn" /> checking
          </span>
        ) : (
          <a href={`#${ISSUES_ID}`} className="shrink-0 rounded" onClick={onCountsPressed}>
            <IssueCountsView counts={counts} isChecked={isChecked} />
          </a>
        )}
        <div id={reasonId} className="min-w-0 max-w-full">
          {blocking && <Reason issue={blocking} onShow={onShow} />}
        </div>
        <CountAnnouncer counts={counts} isChecked={isChecked} isChecking={isChecking} />
      </div>
      <kbd className="num hidden text-muted sm:inline">Ctrl Enter</kbd>
      <Button
        type="submit"
        variant={blocking ? "default" : "primary"}
        aria-describedby={blocking ? reasonId : undefined}
        isBusy={isStarting}
      >
        Start RLHF run
      </Button>
    </div>
  );
}

/** The address stays as it is: it names the part of the form that is open. */
function onCountsPressed(event: { preventDefault: () => void }) {
  event.preventDefault();
  focusIssues();
}

/** Brings the list of findings into sight. */
export function focusIssues() {
  document.getElementById(ISSUES_ID)?.focus();
}

/** Why the run cannot start: the first error, which is also the way to its field. */
function Reason({
  issue: { path, field, message },
  onShow,
}: {
  issue: Issue;
  onShow: (path: string) => void;
}) {
  const where = field && [field.part, field.label].filter(Boolean).join(" · ");
  return (
    <button
      type="button"
      className="block max-w-full rounded text-left text-muted enabled:hover:text-fg max-sm:line-clamp-2 sm:truncate"
      title={[where, message].filter(Boolean).join(": ")}
      disabled={path === null}
      onClick={() => path !== null && onShow(path)}
    >
      {where !== null && <span className="text-fg">{where}: </span>}
      {message}
    </button>
  );
}

/** Somebody who types is not interrupted at every key. */
const REST_MS = 1000;

/** Says the counts once they have rested, where they are heard and not seen. */
function CountAnnouncer({
  counts,
  isChecked,
  isChecking,
}: Pick<StartBarProps, "counts" | "isChecked" | "isChecking">) {
  const { error, warning } = counts;
  const words = [error > 0 && countText("error", error), warning > 0 && countText("warning", warning)];
  const nothing = isChecked ? "Nothing stands against the start." : "The settings could not be checked.";
  const text = words.filter(Boolean).join(", ") || nothing;
  const rested = useDebounced(isChecking ? "" : text, REST_MS);
  return (
    <p role="status" className="sr-only">
      {rested}
    </p>
  );
}
