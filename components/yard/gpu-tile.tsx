import Link from "next/link";
import { formatCount, formatPercent, MISSING } from "@/components/format/format-number";
import { formatMiB } from "@/components/format/format-size";
import type { GpuReading } from "@/components/hooks/telemetry-store";
import { STAGE_LOOK } from "@/components/status/stage-table";
import type { Gpu } from "@/server/contracts/nodes";
import { edgeColor, type GpuUser } from "./gpu-user";
import { gpuLabel } from "./prepare-node";

export interface GpuTileProps {
  gpu: Gpu;
  reading: GpuReading | undefined;
  user: GpuUser;
}

/** Utilisation fills the tile from below, memory is the bar, the edge says who uses it. */
export function GpuTile({ gpu, reading, user }: GpuTileProps) {
  const utilization = reading?.utilizationGpuPercent ?? null;
  const used = reading?.memoryUsedMiB ?? null;
  const total = reading?.memoryTotalMiB ?? gpu.memoryTotalMiB;
  const edge = edgeColor(user);
  return (
    <li
      className="relative overflow-hidden rounded-md border border-line-faint border-l-[3px] px-2 py-1.5"
      style={{ borderLeftColor: edge }}
      title={`${gpu.name} · ${gpu.uuid}`}
    >
      <div
        aria-hidden
        className="absolute inset-0 origin-bottom transition-transform duration-150"
        style={{
          background: user.kind === "run" ? `color-mix(in srgb, ${edge} 16%, var(--panel))` : "var(--fill)",
          transform: `scaleY(${(utilization ?? 0) / 100})`,
        }}
      />
      <div className="relative">
        <div className="flex justify-between">
          <span className="num">{gpuLabel(gpu)}</span>
          <span className="num">{formatPercent(utilization)}</span>
        </div>
        <div aria-hidden className="mt-1 mb-0.5 h-1 overflow-hidden rounded-full bg-line">
          <div
            className="h-full origin-left rounded-full transition-transform duration-150"
            style={{
              background: user.kind === "run" ? edge : "var(--faint)",
              transform: `scaleX(${used !== null && total ? Math.min(1, used / total) : 0})`,
            }}
          />
        </div>
        <div className="num truncate text-[11px] text-muted" title={`of ${formatMiB(total)}`}>
          {formatMiB(used)}
        </div>
        <div className="num flex justify-between gap-1 whitespace-nowrap text-[11px] text-muted">
          <span>{withUnit(reading?.temperatureC, "°C")}</span>
          <span>{withUnit(reading?.powerDrawW, "W")}</span>
        </div>
        <TileUser user={user} />
      </div>
    </li>
  );
}

function TileUser({ user }: { user: GpuUser }) {
  if (user.kind !== "run") return <div className="truncate text-2xs text-muted leading-5">{user.label}</div>;
  const stage = user.stage === null ? "" : `${STAGE_LOOK[user.stage].short} of `;
  return (
    <Link
      href={`/runs/${user.runId}`}
      title={`${stage}${user.label}`}
      className="block truncate rounded text-2xs leading-5 underline-offset-2 hover:underline"
    >
      {user.label}
    </Link>
  );
}

function withUnit(value: number | null | undefined, unit: string): string {
  return value === null || value === undefined ? MISSING : `${formatCount(Math.round(value))} ${unit}`;
}
