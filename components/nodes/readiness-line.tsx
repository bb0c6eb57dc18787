import { CircleCheck, CircleHelp, CircleX, type LucideIcon, Minus, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import type { ReadinessAction, ReadinessFix, ReadinessState } from "@/server/contracts/readiness";
import { PREPARATION_ANCHOR } from "./preparation/anchor";
import type { ShownLine } from "./prepare-readiness";

interface Look {
  label: string;
  icon: LucideIcon;
  className: string;
}

const LOOK = {
  error: { label: "error", icon: CircleX, className: "text-bad" },
  warning: { label: "warning", icon: TriangleAlert, className: "text-warn" },
  unknown: { label: "unknown", icon: CircleHelp, className: "text-muted" },
  ok: { label: "ok", icon: CircleCheck, className: "text-ok" },
  not_applicable: { label: "not needed", icon: Minus, className: "text-muted" },
} as const satisfies Record<ReadinessState, Look>;

export interface ReadinessLineViewProps {
  line: ShownLine;
  onEdit: () => void;
}

/** State, what was found, and for a problem what to do. */
export function ReadinessLineView({ line, onEdit }: ReadinessLineViewProps) {
  const { label, icon: Icon, className } = LOOK[line.state];
  return (
    <li
      aria-label={`${line.title}: ${label}`}
      className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 py-1.5 sm:grid-cols-[16px_152px_minmax(0,1fr)]"
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4", className)} />
      <span className="font-medium">{line.title}</span>
      <div className="min-w-0 max-sm:col-start-2">
        <p className={cn("[overflow-wrap:anywhere]", line.state === "not_applicable" && "text-muted")}>
          {line.evidence}
        </p>
        {line.sameFixAs !== null ? (
          <p className="mt-0.5 text-muted">The fix of {line.sameFixAs} is the one for this too.</p>
        ) : (
          line.fix && <Fix fix={line.fix} title={line.title} onEdit={onEdit} />
        )}
      </div>
    </li>
  );
}

function Fix({ fix, title, onEdit }: { fix: ReadinessFix; title: string; onEdit: () => void }) {
  return (
    <div className="mt-0.5 text-muted">
      <p className="[overflow-wrap:anywhere]">{fix.text}</p>
      {fix.command !== null && (
        <div className="mt-1 flex items-center gap-1 rounded-lg border py-0.5 pr-1 pl-3">
          <code className="num min-w-0 flex-1 break-all text-fg">{fix.command}</code>
          <CopyButton text={fix.command} label={`Copy the command for ${title}`} />
        </div>
      )}
      {fix.actions.length > 0 && (
        <div className="mt-1 flex flex-wrap gap-2">
          {fix.actions.map((action) => (
            <ActionButton key={action} action={action} onEdit={onEdit} />
          ))}
        </div>
      )}
    </div>
  );
}

function ActionButton({ action, onEdit }: { action: ReadinessAction; onEdit: () => void }) {
  if (action === "prepare_node") {
    return (
      <Button asChild size="sm">
        <a href={`#${PREPARATION_ANCHOR}`}>Prepare this node</a>
      </Button>
    );
  }
  return (
    <Button size="sm" onClick={onEdit}>
      Edit the node
    </Button>
  );
}
