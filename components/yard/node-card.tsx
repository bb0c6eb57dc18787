"use client";

import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { formatPercent, formatScalar } from "@/components/format/format-number";
import { formatMiBAsGiB } from "@/components/format/format-size";
import { formatAge } from "@/components/format/format-time";
import type { NodeLive } from "@/components/hooks/telemetry-store";
import { useNodeLive } from "@/components/hooks/use-live";
import { useNow } from "@/components/hooks/use-now";
import { NodeStatusBadge } from "@/components/status/status-badge";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { diskSpaceOf, isDiskLow } from "@/server/contracts/disk-space";
import type { NodeView } from "@/server/contracts/nodes";
import type { HostSample } from "@/server/contracts/telemetry";
import { ReadinessBadge } from "../nodes/readiness-badge";
import { GpuTile } from "./gpu-tile";
import { gpuUser } from "./gpu-user";
import { describeGpus, usableGpus } from "./prepare-node";

/** Readings older than this are not of now. */
const STALE_MS = 10_000;

export function NodeCard({ node }: { node: NodeView }) {
  const live = useNodeLive(node.id);
  return (
    <article className="panel flex min-w-0 flex-col px-3.5 py-3" aria-label={`Node ${node.name}`}>
      <header className="flex flex-wrap items-baseline gap-x-2">
        <Link href={`/nodes/${node.id}`} className="rounded font-semibold underline-offset-2 hover:underline">
          {node.name}
        </Link>
        <span className="text-muted">{describeGpus(node.gpus)}</span>
        {node.isPractice && <Badge isOutlined>practice</Badge>}
        <ReadinessBadge node={node} />
        <span className="ml-auto">
          <NodeAge node={node} live={live} />
        </span>
      </header>
      {node.gpus.length === 0 ? <NoGpus node={node} /> : <Tiles node={node} live={live} />}
      <HostLine live={live} />
    </article>
  );
}

function Tiles({ node, live }: { node: NodeView; live: NodeLive | undefined }) {
  return (
    <ul
      aria-label={`GPUs of ${node.name}`}
      className={cn(
        "mt-2.5 grid grid-cols-[repeat(auto-fill,minmax(94px,1fr))] gap-2",
        node.status !== "online" && "opacity-60",
      )}
    >
      {usableGpus(node.gpus).map((gpu) => {
        const reading = live?.gpus.get(gpu.uuid);
        return (
          <GpuTile
            key={gpu.uuid}
            gpu={gpu}
            reading={reading}
            user={gpuUser(gpu, reading, live?.processes ?? [])}
          />
        );
      })}
    </ul>
  );
}

/** Online and fresh: the age alone. Anything else: the word, and since when. */
function NodeAge({ node, live }: { node: NodeView; live: NodeLive | undefined }) {
  const now = useNow(1000);
  const isFresh = live !== undefined && now - live.at < STALE_MS;
  if (node.status === "online" && isFresh) {
    return <span className="num text-muted">{formatAge(live.at, now)}</span>;
  }
  const at = live?.at ?? node.lastContactAt;
  return (
    <span className="flex items-center gap-2" title={node.statusMessage ?? undefined}>
      <NodeStatusBadge status={node.status} />
      {now > 0 && at !== null && <span className="num text-muted">{formatAge(at, now)}</span>}
    </span>
  );
}

function NoGpus({ node }: { node: NodeView }) {
  const isKnown = node.inventory !== null;
  return (
    <p className="mt-2.5 text-muted">
      {isKnown
        ? "No GPU was found here: nvidia-smi is missing, or lists none."
        : "The inventory has not been read yet."}
    </p>
  );
}

function DiskFree({ host }: { host: HostSample }) {
  const disk = diskSpaceOf(host);
  if (disk === null) return null;
  if (!isDiskLow(disk)) return <span>disk {Math.round(disk.freeGiB)} GiB free</span>;
  return (
    <span className="flex items-center gap-1 font-medium text-warn">
      <TriangleAlert aria-hidden className="size-3" />
      disk almost full: {formatScalar(disk.freeGiB)} GiB free
    </span>
  );
}

function HostLine({ live }: { live: NodeLive | undefined }) {
  const host = live?.host;
  return (
    <footer className="num mt-auto flex min-h-7 flex-wrap gap-x-4 pt-2 text-[11px] text-muted">
      {host && (
        <>
          <span>CPU {formatPercent(host.cpuPercent)}</span>
          <span>
            memory {formatMiBAsGiB(host.memoryUsedMiB)} of {formatMiBAsGiB(host.memoryTotalMiB)}
          </span>
          <DiskFree host={host} />
        </>
      )}
    </footer>
  );
}
