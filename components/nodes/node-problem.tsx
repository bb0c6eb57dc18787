"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { formatAge } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { NODE_STATUS_LOOK } from "@/components/status/node-status-table";
import { Button } from "@/components/ui/button";
import type { NodeView } from "@/server/contracts/nodes";
import type { NodeStatus } from "@/server/contracts/statuses";

export interface NodeProblemProps {
  node: NodeView;
  isTesting: boolean;
  onTest: () => void;
  onEdit: () => void;
  onCompareKeys: () => void;
}

/** What to do about each state in which we cannot see the node. `null`: nothing is wrong. */
const ADVICE = {
  pending: null,
  connecting: null,
  online: null,
  unreachable:
    "Trainyard keeps trying. Check that the machine is on, and that this server reaches its address and port.",
  auth_rejected:
    "The node refused the login, so Trainyard stopped trying, for fail2ban's sake. Enter the right password or key.",
  host_key_mismatch:
    "The machine shows another key than the pinned one: it was reinstalled, or something stands in between. No credential was sent.",
  credential_missing: "No password or key is stored for this node. Enter one to connect.",
} as const satisfies Record<NodeStatus, string | null>;

export function NodeProblem({ node, isTesting, onTest, onEdit, onCompareKeys }: NodeProblemProps) {
  const now = useNow(1000);
  const advice = ADVICE[node.status];
  if (advice === null) return null;
  const look = NODE_STATUS_LOOK[node.status];
  const fix: Partial<Record<NodeStatus, ReactNode>> = {
    auth_rejected: <Button onClick={onEdit}>Change the credential</Button>,
    credential_missing: <Button onClick={onEdit}>Enter the credential</Button>,
    host_key_mismatch: <Button onClick={onCompareKeys}>Compare host keys</Button>,
  };
  return (
    <div
      role="alert"
      className="panel mb-4 flex flex-wrap items-start gap-3 border-l-[3px] px-3.5 py-2.5"
      style={{ borderLeftColor: look.color }}
    >
      <TriangleAlert aria-hidden className={`mt-0.5 size-4 shrink-0 ${look.className}`} />
      <div className="min-w-60 flex-1">
        <p className="font-medium">
          {look.label}
          {now > 0 && (
            <span className="num ml-2 font-normal text-muted">
              since {formatAge(node.statusChangedAt, now).replace(" ago", "")}
            </span>
          )}
        </p>
        {node.statusMessage !== null && <p>{node.statusMessage}</p>}
        <p className="text-muted">{advice} Training that runs there goes on.</p>
      </div>
      <div className="flex gap-2">
        {fix[node.status]}
        <Button isBusy={isTesting} onClick={onTest}>
          Try now
        </Button>
      </div>
    </div>
  );
}
