"use client";

import Link from "next/link";
import { formatMiB } from "@/components/format/format-size";
import { useNodeLive } from "@/components/hooks/use-live";
import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { Gpu, NodeView } from "@/server/contracts/nodes";
import type { GpuProcess } from "@/server/contracts/telemetry";
import { gpuLabel } from "../yard/prepare-node";

export function NodeProcesses({ node }: { node: NodeView }) {
  const live = useNodeLive(node.id);
  const processes = live?.processes ?? [];
  return (
    <Card title="Processes on the GPUs" note={live ? undefined : "no reading yet"}>
      {processes.length === 0 ? (
        <p className="py-2 text-muted">
          {live ? "No process uses a GPU." : "They come with the first reading."}
        </p>
      ) : (
        <Table>
          <thead>
            <tr>
              <TableHeader isNumeric>PID</TableHeader>
              <TableHeader>Name</TableHeader>
              <TableHeader>User</TableHeader>
              <TableHeader isNumeric>GPU</TableHeader>
              <TableHeader isNumeric>Memory</TableHeader>
              <TableHeader>Belongs to</TableHeader>
            </tr>
          </thead>
          <tbody>
            {processes.map((process) => (
              <ProcessRow key={`${process.pid}-${process.gpuUuid}`} process={process} gpus={node.gpus} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function ProcessRow({ process, gpus }: { process: GpuProcess; gpus: readonly Gpu[] }) {
  const gpu = gpus.find(({ uuid }) => uuid === process.gpuUuid);
  return (
    <TableRow>
      <TableCell isNumeric>{process.pid}</TableCell>
      <TableCell className="num max-w-60 truncate" title={process.name}>
        {process.name}
      </TableCell>
      <TableCell>{process.user ?? "—"}</TableCell>
      <TableCell isNumeric>{gpu ? gpuLabel(gpu) : "—"}</TableCell>
      <TableCell isNumeric>{formatMiB(process.memoryMiB)}</TableCell>
      <TableCell>
        <Owner attemptId={process.attemptId} gpus={gpus} />
      </TableCell>
    </TableRow>
  );
}

function Owner({ attemptId, gpus }: { attemptId: string | null; gpus: readonly Gpu[] }) {
  if (attemptId === null) return <span className="text-muted">outside Trainyard</span>;
  const claim = gpus.find(({ claimedBy }) => claimedBy?.attemptId === attemptId)?.claimedBy;
  if (!claim) return <span className="num text-muted">attempt {attemptId.slice(0, 8)}</span>;
  return (
    <Link href={`/runs/${claim.runId}`} className="rounded underline-offset-2 hover:underline">
      {claim.runName}
      {claim.stage !== null && <span className="text-muted"> · {claim.stage}</span>}
    </Link>
  );
}
