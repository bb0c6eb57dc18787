import { CircleAlert, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { Finding } from "@/server/contracts/runs";

interface SeverityLook {
  icon: LucideIcon;
  /** Said before a finding's words. */
  word: string;
  className: string;
}

export const SEVERITY_LOOK = {
  error: { icon: CircleAlert, word: "Error", className: "text-bad" },
  warning: { icon: TriangleAlert, word: "Warning", className: "text-warn" },
  note: { icon: Info, word: "Note", className: "text-muted" },
} as const satisfies Record<Finding["severity"], SeverityLook>;
