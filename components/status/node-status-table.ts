import { Circle, CircleDot, Fingerprint, KeyRound, LoaderCircle, LockKeyhole, WifiOff } from "lucide-react";
import type { NodeStatus } from "@/server/contracts/statuses";
import type { StatusLook } from "./status-table";

export const NODE_STATUS_LOOK = {
  pending: { label: "not connected yet", icon: Circle, className: "text-muted", color: "var(--muted)" },
  connecting: { label: "connecting", icon: LoaderCircle, className: "text-muted", color: "var(--muted)" },
  online: { label: "online", icon: CircleDot, className: "text-ok", color: "var(--ok)" },
  unreachable: { label: "unreachable", icon: WifiOff, className: "text-warn", color: "var(--warn)" },
  auth_rejected: { label: "login refused", icon: LockKeyhole, className: "text-bad", color: "var(--bad)" },
  host_key_mismatch: {
    label: "host key changed",
    icon: Fingerprint,
    className: "text-bad",
    color: "var(--bad)",
  },
  credential_missing: {
    label: "no credential",
    icon: KeyRound,
    className: "text-warn",
    color: "var(--warn)",
  },
} as const satisfies Record<NodeStatus, StatusLook>;
