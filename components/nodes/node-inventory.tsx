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
import type { NodeInventory, NodeView } from "@/server/contracts/nodes";
import { inventoryRows } from "./prepare-inventory";

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
        <Button variant="ghost" size="sm" isBusy={refresh.isPending} onClick={() => refresh.mutate()}>
          <RefreshCw /> Read again
        </Button>
      }
    >
      {refresh.error && <ErrorNotice error={refresh.error} onRetry={() => refresh.mutate()} />}
      {node.inventory === null ? (
        <p className="py-2 text-muted">Nothing has been read yet: it comes with the first connection.</p>
      ) : (
        <InventoryList inventory={node.inventory} isPractice={node.isPractice} />
      )}
    </Card>
  );
}

function InventoryList({ inventory, isPractice }: { inventory: NodeInventory; isPractice: boolean }) {
  const rows = inventoryRows(inventory, { count: formatCount, gibibytes: formatMiBAsGiB, missing: MISSING });
  return (
    <dl className="divide-y divide-line-faint">
      {rows.map(({ name, value, isMissing }) => (
        <div key={name} className="grid grid-cols-[132px_minmax(0,1fr)] gap-4 py-1">
          <dt className="text-muted">{name}</dt>
          <dd
            className={cn(
              "num leading-5 [overflow-wrap:anywhere]",
              isMissing && (isPractice ? "text-muted" : "text-warn"),
            )}
          >
            {isMissing && isPractice ? "simulated" : value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
