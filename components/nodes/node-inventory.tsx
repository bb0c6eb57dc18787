"use client";

import { RefreshCw } from "lucide-react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatMiBAsGiB } from "@/components/format/format-size";
import { formatAge } from "@/components/format/format-time";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useNow } from "@/components/hooks/use-now";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import type { NodeInventory, NodeView } from "@/server/contracts/nodes";
import { inventoryRows } from "./prepare-inventory";
import { sshCommand } from "./ssh-command";

export function NodeInventoryCard({ node }: { node: NodeView }) {
  const now = useNow(10_000);
  const refresh = useAction({
    run: () => request<NodeInventory>(`/nodes/${node.id}/inventory`, { method: "POST" }),
    touches: ["/nodes"],
  });
  return (
    <Card
      title="Inventory"
      note={node.inventoryAt !== null && now > 0 ? `read ${formatAge(node.inventoryAt, now)}` : undefined}
      aside={
        <Button
          variant="ghost"
          size="sm"
          className="-my-1.5"
          isBusy={refresh.isPending}
          onClick={() => refresh.mutate()}
        >
          <RefreshCw /> Read again
        </Button>
      }
    >
      {refresh.error && <ErrorNotice error={refresh.error} onRetry={() => refresh.mutate()} />}
      <InventoryList node={node} />
      {node.inventory === null && (
        <p className="border-line-faint border-t py-2 text-muted">
          Nothing has been read yet: it comes with the first connection.
        </p>
      )}
    </Card>
  );
}

function InventoryList({ node }: { node: NodeView }) {
  const { inventory, isPractice, hostKeyAlgorithm, hostKeyFingerprint } = node;
  const rows = [
    { name: "terminal", value: sshCommand(node), isMissing: false },
    ...(hostKeyFingerprint === null
      ? []
      : [{ name: "host key", value: `${hostKeyAlgorithm} ${hostKeyFingerprint}`, isMissing: false }]),
    ...(inventory === null
      ? []
      : inventoryRows(inventory, { count: formatCount, gibibytes: formatMiBAsGiB, missing: MISSING })),
  ];
  return (
    <dl className="divide-y divide-line-faint">
      {rows.map(({ name, value, isMissing }) => (
        <div
          key={name}
          className="group/row grid grid-cols-[128px_minmax(0,1fr)_28px] items-start gap-x-3 py-1 pointer-coarse:grid-cols-[104px_minmax(0,1fr)_36px]"
        >
          <dt className="text-muted">{name}</dt>
          <dd
            className={cn(
              "num leading-5 [overflow-wrap:anywhere]",
              isMissing && (isPractice ? "text-muted" : "text-warn"),
            )}
          >
            {isMissing && isPractice ? "simulated" : value}
          </dd>
          {!isMissing && value !== MISSING && (
            <dd className="-my-1 transition-calm pointer-fine:opacity-0 focus-within:opacity-100 group-hover/row:opacity-100">
              <CopyButton text={value} label={`Copy ${name}`} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
