import { cn } from "@/components/ui/cn";
import type { NodeStatus, Status } from "@/server/contracts/statuses";
import { NODE_STATUS_LOOK } from "./node-status-table";
import { STATUS_LOOK, type StatusLook } from "./status-table";

export interface StatusBadgeProps {
  status: Status;
  /** Text colour class in place of the status's own, a running stage's say. */
  className?: string;
}

/** Colour, icon and word: never the colour alone. */
export function StatusBadge({ status, className }: StatusBadgeProps) {
  return <LookBadge look={STATUS_LOOK[status]} isTurning={status === "starting"} className={className} />;
}

export function NodeStatusBadge({ status }: { status: NodeStatus }) {
  return <LookBadge look={NODE_STATUS_LOOK[status]} isTurning={status === "connecting"} />;
}

interface LookBadgeProps {
  look: StatusLook;
  isTurning: boolean;
  className?: string | undefined;
}

function LookBadge({ look, isTurning, className }: LookBadgeProps) {
  const Icon = look.icon;
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1.5 whitespace-nowrap align-top text-xs",
        className ?? look.className,
      )}
    >
      <Icon aria-hidden strokeWidth={2.5} className={cn("size-3", isTurning && "animate-turn")} />
      {look.label}
    </span>
  );
}
