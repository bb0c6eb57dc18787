"use client";

import Link from "next/link";
import { useSyncExternalStore } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { live } from "@/components/hooks/live-client";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";
import { GpuWall } from "./gpu-wall";
import { NodeCard } from "./node-card";
import { summarizeYard, usableGpus } from "./prepare-node";
import { RunsSection } from "./runs-section";
import { YardEmpty } from "./yard-empty";

/** Beyond this many, tiles say less than a heat map. */
const TILES_AT_MOST = 64;

export function YardPage() {
  useRoom("yard");
  const nodes = useResource<Page<NodeView>>("/nodes?limit=200");
  return (
    <>
      <PageHeader
        title="Yard"
        facts={nodes.data && nodes.data.items.length > 0 && <Facts nodes={nodes.data.items} />}
        actions={
          <>
            <Button asChild>
              <Link href="/nodes/new">Add node</Link>
            </Button>
            <Button asChild variant="primary">
              <Link href="/runs/new">Start RLHF run</Link>
            </Button>
          </>
        }
      />
      <div className="mb-7">
        <ResourceView resource={nodes} skeleton={<NodesSkeleton />} title="Could not load the nodes.">
          {({ items }) => <NodeGrid nodes={items} />}
        </ResourceView>
      </div>
      <RunsSection />
    </>
  );
}

function NodeGrid({ nodes }: { nodes: readonly NodeView[] }) {
  if (nodes.length === 0) return <YardEmpty />;
  const gpuCount = nodes.reduce((sum, node) => sum + usableGpus(node.gpus).length, 0);
  if (gpuCount > TILES_AT_MOST) return <GpuWall nodes={nodes} />;
  return (
    <section
      aria-label="Nodes"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(430px,100%),1fr))] gap-3"
    >
      {nodes.map((node) => (
        <NodeCard key={node.id} node={node} />
      ))}
    </section>
  );
}

function Facts({ nodes }: { nodes: readonly NodeView[] }) {
  // The figures follow the readings, so they are taken anew with every tick.
  useSyncExternalStore(live.telemetry.subscribeAll, live.telemetry.version, () => 0);
  const { nodes: nodeCount, gpus, busy, outside } = summarizeYard(nodes, live.telemetry.get);
  return (
    <>
      <span>
        <span className="num">{nodeCount}</span> {nodeCount === 1 ? "node" : "nodes"}
      </span>
      <span>
        <span className="num">{busy}</span> of <span className="num">{gpus}</span> GPUs busy
      </span>
      {outside > 0 && (
        <span>
          <span className="num">{outside}</span> used outside Trainyard
        </span>
      )}
    </>
  );
}

function NodesSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the nodes"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(430px,100%),1fr))] gap-3"
    >
      <Skeleton className="h-44 rounded-lg" />
      <Skeleton className="h-44 rounded-lg" />
    </div>
  );
}
