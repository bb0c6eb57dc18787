import {
  Ban,
  Check,
  CircleDot,
  CircleStop,
  Clock,
  LoaderCircle,
  type LucideIcon,
  Unplug,
  X,
} from "lucide-react";
import type { Status } from "@/server/contracts/statuses";

export interface StatusLook {
  label: string;
  icon: LucideIcon;
  /** Text colour class. */
  className: string;
  /** Same colour for charts and canvases. */
  color: string;
}

export const STATUS_LOOK = {
  queued: { label: "queued", icon: Clock, className: "text-muted", color: "var(--muted)" },
  starting: { label: "starting", icon: LoaderCircle, className: "text-fg", color: "var(--fg)" },
  running: { label: "running", icon: CircleDot, className: "text-fg", color: "var(--fg)" },
  stopping: { label: "stopping", icon: CircleStop, className: "text-warn", color: "var(--warn)" },
  succeeded: { label: "succeeded", icon: Check, className: "text-ok", color: "var(--ok)" },
  failed: { label: "failed", icon: X, className: "text-bad", color: "var(--bad)" },
  cancelled: { label: "cancelled", icon: Ban, className: "text-muted", color: "var(--muted)" },
  interrupted: { label: "interrupted", icon: Unplug, className: "text-warn", color: "var(--warn)" },
} as const satisfies Record<Status, StatusLook>;
