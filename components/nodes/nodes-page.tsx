"use client";

import Link from "next/link";
import { ResourceView } from "@/components/errors/resource-view";
import { formatCount } from "@/components/format/format-number";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";
import { YardEmpty } from "../yard/yard-empty";
import { NodeList } from "./node-list";

export function NodesPage() {
  useRoom("yard");
  const nodes = useResource<Page<NodeView>>("/nodes?limit=200");
  return (
    <>
      <PageHeader
        title="Nodes"
        facts={
          nodes.data && (
            <span>
              <span className="num">{formatCount(nodes.data.items.length)}</span>{" "}
              {nodes.data.items.length === 1 ? "machine" : "machines"} reached by SSH
            </span>
          )
        }
        actions={
          <Button asChild variant="primary">
            <Link href="/nodes/new">Add node</Link>
          </Button>
        }
      />
      <ResourceView
        resource={nodes}
        skeleton={<SkeletonRows count={4} className="h-12" />}
        title="Could not load the nodes."
      >
        {({ items }) => (items.length === 0 ? <YardEmpty /> : <NodeList nodes={items} />)}
      </ResourceView>
    </>
  );
}
