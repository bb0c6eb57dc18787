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
import { NodeInventory, type NodeView } from "@/server/contracts/nodes";
import { inventoryRows } from "./prepare-inventory";

export function NodeInventoryCard({ node }: { node: NodeView }) {
  const now = useNow(10_000);
  const refresh = useAction({
    run: () => request(`/nodes/${node.id}/inventory`, { method: "POST", schema: NodeInventory }),
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
        <InventoryList inventory={node.inventory} />
      )}
    </Card>
  );
}

function InventoryList({ inventory }: { inventory: NodeInventory }) {
  const rows = inventoryRows(inventory, { count: formatCount, gibibytes: formatMiBAsGiB, missing: MISSING });
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4">
      {rows.map(({ name, value, isMissing }) => (
        <div key={name} className="contents">
          <dt className="border-line-faint border-b py-1 text-muted">{name}</dt>
          <dd
            className={`num break-words border-line-faint border-b py-1 leading-5 ${isMissing ? "text-warn" : ""}`}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
