"use client";

import dynamic from "next/dynamic";
import { ErrorNotice } from "@/components/errors/error-notice";
import { ResourceView } from "@/components/errors/resource-view";
import { GpuLiveRows } from "@/components/gpus/gpu-live-rows";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { NodeView, TestConnectionResult } from "@/server/contracts/nodes";
import { usableGpus } from "../yard/prepare-node";
import { ConnectionReport } from "./connection-report";
import { DiskAlarm } from "./disk-alarm";
import { NodeHeader } from "./node-header";
import { NodeHistory } from "./node-history";
import { NodeHost } from "./node-host";
import { NodeInventoryCard } from "./node-inventory";
import { NodeProblem } from "./node-problem";
import { NodeProcesses } from "./node-processes";
import { PREPARATION_ANCHOR } from "./preparation/anchor";

const ReadinessCard = dynamic(() => import("./readiness-card").then((module) => module.ReadinessCard), {
  loading: () => <Skeleton className="h-[900px] rounded-lg" />,
});
const PreparationCard = dynamic(
  () => import("./preparation/preparation-card").then((module) => module.PreparationCard),
  { loading: () => <Skeleton className="h-28 rounded-lg" /> },
);
const EditNodeDialog = dynamic(() => import("./edit-node-dialog").then((module) => module.EditNodeDialog));
const DeleteNodeDialog = dynamic(() =>
  import("./delete-node-dialog").then((module) => module.DeleteNodeDialog),
);
const CompareKeysDialog = dynamic(() =>
  import("./compare-keys-dialog").then((module) => module.CompareKeysDialog),
);

export function NodePage({ nodeId }: { nodeId: string }) {
  useRoom(`node:${nodeId}`);
  const node = useResource<NodeView>(`/nodes/${nodeId}`);
  return (
    <ResourceView resource={node} skeleton={<NodeSkeleton />} title="Could not load the node.">
      {(data) => <NodeContent node={data} />}
    </ResourceView>
  );
}

function NodeContent({ node }: { node: NodeView }) {
  const [dialog, setDialog] = useUrlState("dialog", "");
  const test = useAction({
    run: () => request<TestConnectionResult>(`/nodes/${node.id}/test`, { method: "POST" }),
    touches: ["/nodes"],
  });
  const gpus = usableGpus(node.gpus);
  const open = (which: "edit" | "delete" | "keys" | "") => () => setDialog(which);
  return (
    <>
      <NodeHeader
        node={node}
        isTesting={test.isPending}
        onTest={() => test.mutate()}
        onEdit={open("edit")}
        onDelete={open("delete")}
      />
      <NodeProblem
        node={node}
        isTesting={test.isPending}
        onTest={() => test.mutate()}
        onEdit={open("edit")}
        onCompareKeys={open("keys")}
      />
      <DiskAlarm nodeId={node.id} nodeName={node.name} />
      <div className="mb-4 empty:hidden">
        {test.error && (
          <ErrorNotice
            error={test.error}
            title="The test failed."
            onRetry={() => test.mutate()}
            fixes={{ "edit-credential": open("edit"), "compare-host-keys": open("keys") }}
          />
        )}
        {test.data && <ConnectionReport result={test.data} />}
      </div>
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
        <div className="flex min-w-0 flex-col gap-3">
          <Card title="GPUs" note="the last 3 minutes: utilisation, memory">
            {gpus.length === 0 ? (
              <p className="py-2 text-muted">No GPU was found: nvidia-smi is missing, or lists none.</p>
            ) : (
              <GpuLiveRows nodeId={node.id} gpus={gpus} />
            )}
          </Card>
          <ReadinessCard node={node} onEdit={open("edit")} />
          <div id={PREPARATION_ANCHOR} className="scroll-mt-16">
            <PreparationCard node={node} />
          </div>
          <NodeHost nodeId={node.id} />
          <NodeProcesses node={node} />
          {gpus.length > 0 && <NodeHistory node={node} />}
        </div>
        <NodeInventoryCard node={node} />
      </div>
      {(dialog === "edit" || dialog === "price") && (
        <EditNodeDialog node={node} onClose={open("")} isForSettings={dialog === "price"} />
      )}
      {dialog === "delete" && (
        <DeleteNodeDialog node={node} isOpen onOpenChange={(isOpen) => !isOpen && setDialog("")} />
      )}
      {dialog === "keys" && (
        <CompareKeysDialog node={node} isOpen onOpenChange={(isOpen) => !isOpen && setDialog("")} />
      )}
    </>
  );
}

function NodeSkeleton() {
  return (
    <div role="status" aria-label="Loading the node">
      <Skeleton className="mb-6 h-12 w-80" />
      <div className="grid gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
        <Skeleton className="h-96 rounded-lg" />
        <Skeleton className="h-96 rounded-lg" />
      </div>
    </div>
  );
}
