"use client";

import Link from "next/link";
import { ResourceView } from "@/components/errors/resource-view";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatAge } from "@/components/format/format-time";
import { useNodeLive, useRoom } from "@/components/hooks/use-live";
import { useNow } from "@/components/hooks/use-now";
import { useResource } from "@/components/hooks/use-resource";
import { NodeStatusBadge } from "@/components/status/status-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";
import { describeGpus, usableGpus } from "../yard/prepare-node";
import { YardEmpty } from "../yard/yard-empty";

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
      <ResourceView resource={nodes} skeleton={<SkeletonRows count={4} />} title="Could not load the nodes.">
        {({ items }) => (items.length === 0 ? <YardEmpty /> : <NodesTable nodes={items} />)}
      </ResourceView>
    </>
  );
}

function NodesTable({ nodes }: { nodes: readonly NodeView[] }) {
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Node</TableHeader>
          <TableHeader>Status</TableHeader>
          <TableHeader isNumeric>Last contact</TableHeader>
          <TableHeader>GPUs</TableHeader>
          <TableHeader isNumeric>In use</TableHeader>
          <TableHeader className="hidden md:table-cell">Address</TableHeader>
          <TableHeader className="hidden lg:table-cell">System</TableHeader>
          <TableHeader className="hidden lg:table-cell">deepspeed</TableHeader>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <NodeRow key={node.id} node={node} />
        ))}
      </tbody>
    </Table>
  );
}

function NodeRow({ node }: { node: NodeView }) {
  const live = useNodeLive(node.id);
  const now = useNow(1000);
  const gpus = usableGpus(node.gpus);
  const held = gpus.filter((gpu) => gpu.claimedBy !== null).length;
  return (
    <TableRow>
      <TableCell className="h-10 whitespace-nowrap">
        <Link href={`/nodes/${node.id}`} className="rounded font-medium underline-offset-2 hover:underline">
          {node.name}
        </Link>
        {node.isPractice && (
          <Badge isOutlined className="ml-2">
            practice
          </Badge>
        )}
      </TableCell>
      <TableCell className="h-10" title={node.statusMessage ?? undefined}>
        <NodeStatusBadge status={node.status} />
      </TableCell>
      <TableCell isNumeric className="h-10">
        {now === 0 ? MISSING : formatAge(live?.at ?? node.lastContactAt, now)}
      </TableCell>
      <TableCell className="h-10 whitespace-nowrap">{describeGpus(node.gpus)}</TableCell>
      <TableCell isNumeric className="h-10">
        {held} / {gpus.length}
      </TableCell>
      <TableCell className="num hidden h-10 md:table-cell">{`${node.username}@${node.host}:${node.port}`}</TableCell>
      <TableCell className="hidden h-10 max-w-60 truncate lg:table-cell">
        {node.inventory?.os ?? MISSING}
      </TableCell>
      <TableCell className="num hidden h-10 lg:table-cell">{node.inventory?.deepspeed ?? MISSING}</TableCell>
    </TableRow>
  );
}
