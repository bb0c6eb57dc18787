"use client";

import Link from "next/link";
import { formatCount, formatPercent, MISSING } from "@/components/format/format-number";
import { formatMiBAsGiB } from "@/components/format/format-size";
import { formatAge } from "@/components/format/format-time";
import type { NodeLive } from "@/components/hooks/telemetry-store";
import { useNodeLive } from "@/components/hooks/use-live";
import { useNow } from "@/components/hooks/use-now";
import { NodeStatusBadge } from "@/components/status/status-badge";
import { Badge } from "@/components/ui/badge";
import type { NodeView } from "@/server/contracts/nodes";
import { describeGpus, usableGpus } from "../yard/prepare-node";
import { ReadinessBadge } from "./readiness-badge";

const COLUMNS =
  "md:grid md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_88px_minmax(0,4fr)_minmax(0,4fr)] md:items-center md:gap-x-5";

/** A line of two rows a node; on a phone a block of its own. */
export function NodeList({ nodes }: { nodes: readonly NodeView[] }) {
  return (
    <div>
      <div aria-hidden className={`${COLUMNS} hidden h-8 border-b text-muted`}>
        <span>Node</span>
        <span>Status</span>
        <span className="text-right">GPUs held</span>
        <span>Now</span>
        <span>System</span>
      </div>
      <ul aria-label="Nodes">
        {nodes.map((node) => (
          <NodeItem key={node.id} node={node} />
        ))}
      </ul>
    </div>
  );
}

function NodeItem({ node }: { node: NodeView }) {
  const live = useNodeLive(node.id);
  const gpus = usableGpus(node.gpus);
  const held = gpus.filter((gpu) => gpu.claimedBy !== null).length;
  return (
    <li className={`${COLUMNS} border-line-faint border-b py-3 md:min-h-14 md:py-1.5`}>
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/nodes/${node.id}`}
            title={node.name}
            className="truncate rounded font-medium underline-offset-2 hover:underline"
          >
            {node.name}
          </Link>
          {node.isPractice && <Badge isOutlined>practice</Badge>}
          <ReadinessBadge node={node} />
        </div>
        <div className="num truncate text-[11px] text-muted leading-5">
          {`${node.username}@${node.host}:${node.port}`}
        </div>
      </div>
      <Contact node={node} live={live} />
      <div className="text-right max-md:text-left">
        <span className="num">
          {held} / {gpus.length}
        </span>
        <span className="ml-1.5 text-muted md:hidden">GPUs held · {describeGpus(node.gpus)}</span>
      </div>
      <div className="min-w-0">
        <div className="truncate max-md:hidden">{describeGpus(node.gpus)}</div>
        <div className="num truncate text-[11px] text-muted leading-5">{readings(gpus, live)}</div>
      </div>
      <div className="min-w-0 max-md:hidden">
        <div className="truncate">{node.inventory?.os ?? MISSING}</div>
        <div className="num truncate text-[11px] text-muted leading-5">
          {node.inventory?.deepspeed ? `deepspeed ${node.inventory.deepspeed}` : ""}
        </div>
      </div>
    </li>
  );
}

function Contact({ node, live }: { node: NodeView; live: NodeLive | undefined }) {
  const now = useNow(1000);
  return (
    <div className="min-w-0 max-md:mt-1 max-md:flex max-md:items-baseline max-md:gap-3">
      <NodeStatusBadge status={node.status} />
      <div className="num truncate text-[11px] text-muted leading-5" title={node.statusMessage ?? undefined}>
        {now > 0 && formatAge(live?.at ?? node.lastContactAt, now)}
      </div>
    </div>
  );
}

/** Mean utilisation and total memory of the GPUs: "41 % · 46 of 48 GiB"; nothing before the first reading. */
function readings(gpus: ReturnType<typeof usableGpus>, live: NodeLive | undefined): string {
  const known = gpus.flatMap((gpu) => live?.gpus.get(gpu.uuid) ?? []);
  if (known.length === 0) return "";
  const busy = known.flatMap((reading) => reading.utilizationGpuPercent ?? []);
  const used = known.reduce((sum, reading) => sum + (reading.memoryUsedMiB ?? 0), 0);
  const total = gpus.reduce((sum, gpu) => sum + (gpu.memoryTotalMiB ?? 0), 0);
  const mean = busy.length === 0 ? null : busy.reduce((sum, percent) => sum + percent, 0) / busy.length;
  return `${formatPercent(mean)} · ${formatCount(Math.round(used / 1024))} of ${formatMiBAsGiB(total)}`;
}
