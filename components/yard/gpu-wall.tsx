"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useRef, useState } from "react";
import { formatPercent } from "@/components/format/format-number";
import { formatMiB } from "@/components/format/format-size";
import { live } from "@/components/hooks/live-client";
import { useElementWidth } from "@/components/hooks/use-element-width";
import type { NodeView } from "@/server/contracts/nodes";
import { edgeColor, gpuUser } from "./gpu-user";
import { gpuLabel, usableGpus } from "./prepare-node";
import { cellAt, layoutWall, type WallCell } from "./prepare-wall";
import { useWallPainter } from "./use-wall-painter";

/** Many GPUs as one canvas: a thousand tiles read as a heat map. */
export function GpuWall({ nodes }: { nodes: readonly NodeView[] }) {
  const router = useRouter();
  const [frame, width] = useElementWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState<WallCell | null>(null);
  const devices = useMemo(() => nodes.map((node) => usableGpus(node.gpus)), [nodes]);
  const layout = useMemo(
    () =>
      layoutWall(
        nodes.map((node, index) => ({ id: node.id, gpuCount: devices[index]?.length ?? 0 })),
        width,
      ),
    [nodes, devices, width],
  );
  useWallPainter(canvas, layout, (index) => {
    const cell = layout.cells[index];
    const place = cell && find(nodes, devices, cell);
    if (!place) return { utilization: null, edge: "--line" };
    return { utilization: place.reading?.utilizationGpuPercent ?? null, edge: edgeColor(place.user) };
  });
  const under = (event: { nativeEvent: { offsetX: number; offsetY: number } }) =>
    cellAt(layout, event.nativeEvent.offsetX, event.nativeEvent.offsetY);
  return (
    <section aria-label="Nodes">
      <p className="num h-5 truncate text-muted" aria-live="off">
        {hovered
          ? readoutOf(nodes, devices, hovered)
          : "Each cell is one GPU, filled by utilisation, coloured by its user."}
      </p>
      <div ref={frame} className="relative mt-2" style={{ height: layout.height }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Heat map of ${layout.cells.length} GPUs by utilisation`}
          className="absolute inset-0 size-full"
          onMouseMove={(event) => setHovered(under(event))}
          onMouseLeave={() => setHovered(null)}
          onClick={(event) => {
            const node = nodes[under(event)?.nodeIndex ?? -1];
            if (node) router.push(`/nodes/${node.id}`);
          }}
        />
        {layout.labels.map(({ nodeIndex, x, y, width: labelWidth }) => (
          <Link
            key={nodes[nodeIndex]?.id ?? nodeIndex}
            href={`/nodes/${nodes[nodeIndex]?.id ?? ""}`}
            className="absolute truncate rounded text-xs underline-offset-2 hover:underline"
            style={{ left: x, top: y, maxWidth: labelWidth }}
          >
            {nodes[nodeIndex]?.name}
          </Link>
        ))}
      </div>
    </section>
  );
}

type Devices = ReturnType<typeof usableGpus>[];

function find(nodes: readonly NodeView[], devices: Devices, cell: WallCell) {
  const node = nodes[cell.nodeIndex];
  const gpu = devices[cell.nodeIndex]?.[cell.gpuIndex];
  if (!node || !gpu) return null;
  const readings = live.telemetry.get(node.id);
  const reading = readings?.gpus.get(gpu.uuid);
  return { node, gpu, reading, user: gpuUser(gpu, reading, readings?.processes ?? []) };
}

function readoutOf(nodes: readonly NodeView[], devices: Devices, cell: WallCell): string {
  const place = find(nodes, devices, cell);
  if (!place) return "";
  const { node, gpu, reading, user } = place;
  const figures = `${formatPercent(reading?.utilizationGpuPercent)} · ${formatMiB(reading?.memoryUsedMiB)}`;
  return `${node.name} · GPU ${gpuLabel(gpu)} · ${figures} · ${user.label}`;
}
