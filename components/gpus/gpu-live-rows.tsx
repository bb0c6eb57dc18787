"use client";

import Link from "next/link";
import { formatCount, formatPercent, MISSING } from "@/components/format/format-number";
import { formatMiB } from "@/components/format/format-size";
import { HISTORY_LENGTH, type NodeLive } from "@/components/hooks/telemetry-store";
import { useNodeLive } from "@/components/hooks/use-live";
import { edgeColor, type GpuUser, gpuUser } from "@/components/yard/gpu-user";
import { gpuLabel, shortName } from "@/components/yard/prepare-node";
import type { Gpu } from "@/server/contracts/nodes";
import { GpuSpark } from "./gpu-spark";

export interface GpuLiveRowsProps {
  nodeId: string;
  gpus: readonly Gpu[];
  /** On a run's page everyone knows who uses them. */
  hasUsers?: boolean;
}

/** One row a GPU: utilisation and memory over the last minutes, and now. Needs the node's or the run's room. */
export function GpuLiveRows({ nodeId, gpus, hasUsers = true }: GpuLiveRowsProps) {
  const live = useNodeLive(nodeId);
  return (
    <ul aria-label="GPUs">
      {gpus.map((gpu) => (
        <GpuRow key={gpu.uuid} gpu={gpu} live={live} hasUsers={hasUsers} />
      ))}
    </ul>
  );
}

function GpuRow({ gpu, live, hasUsers }: { gpu: Gpu; live: NodeLive | undefined; hasUsers: boolean }) {
  const reading = live?.gpus.get(gpu.uuid);
  const history = live?.history.gpus.get(gpu.uuid);
  const user = gpuUser(gpu, reading, live?.processes ?? []);
  const color = user.kind === "run" ? edgeColor(user) : "var(--muted)";
  const total = reading?.memoryTotalMiB ?? gpu.memoryTotalMiB ?? 0;
  const spark = { capacity: HISTORY_LENGTH, version: live?.at ?? 0 };
  return (
    <li className="grid min-h-11 grid-cols-[minmax(0,1fr)_72px_116px] items-center gap-x-3 border-line-faint border-t py-1 first:border-t-0 lg:grid-cols-[200px_minmax(0,1fr)_56px_minmax(0,1fr)_96px_128px]">
      <div className="min-w-0">
        <div className="truncate" title={`${gpu.name} ${gpu.uuid}`}>
          <span className="num">{gpuLabel(gpu)}</span> {shortName(gpu.name)}
        </div>
        {hasUsers ? (
          <User user={user} />
        ) : (
          <div className="num truncate text-[11px] text-muted">{shortUuid(gpu.uuid)}</div>
        )}
      </div>
      <div className="hidden lg:block">
        <GpuSpark values={history?.utilization ?? []} max={100} color={color} {...spark} />
      </div>
      <div className="num text-right">{formatPercent(reading?.utilizationGpuPercent)}</div>
      <div className="hidden lg:block">
        <GpuSpark values={history?.memoryUsedMiB ?? []} max={total} color="var(--muted)" {...spark} />
      </div>
      <div className="num text-right leading-4">
        {formatCount(reading?.memoryUsedMiB)}
        <div className="text-[11px] text-muted">of {formatMiB(total || null)}</div>
      </div>
      <div className="num hidden text-right leading-4 lg:block">
        {unit(reading?.temperatureC, "°C")} · {unit(reading?.powerDrawW, "W")}
        <div className="text-[11px] text-muted">of {unit(reading?.powerLimitW, "W")}</div>
      </div>
    </li>
  );
}

function User({ user }: { user: GpuUser }) {
  if (user.kind !== "run") return <div className="truncate text-2xs text-muted">{user.label}</div>;
  return (
    <Link
      href={`/runs/${user.runId}`}
      className="block truncate rounded text-2xs underline-offset-2 hover:underline"
    >
      {user.label}
    </Link>
  );
}

function unit(value: number | null | undefined, name: string): string {
  return value === null || value === undefined
    ? `${MISSING} ${name}`
    : `${formatCount(Math.round(value))} ${name}`;
}

/** GPU-2b1f…9344 */
function shortUuid(uuid: string): string {
  return uuid.length > 16 ? `${uuid.slice(0, 8)}…${uuid.slice(-4)}` : uuid;
}
