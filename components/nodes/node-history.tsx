"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { formatDuration } from "@/components/format/format-time";
import { queryString, request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { live } from "@/components/hooks/live-client";
import { useIsSeen } from "@/components/hooks/use-is-seen";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { NodeView } from "@/server/contracts/nodes";
import type { SamplesResult } from "@/server/contracts/telemetry";
import { usableGpus } from "../yard/prepare-node";
import { HistoryPanel } from "./history-panel";

const RANGES = [
  { value: "600", label: "last 10 minutes" },
  { value: "3600", label: "last hour" },
  { value: "21600", label: "last 6 hours" },
  { value: "86400", label: "last 24 hours" },
  { value: "604800", label: "last 7 days" },
] as const;

const PANELS = [
  { title: "Utilisation", unit: "%", field: "utilizationGpuPercent", floorMax: 100 },
  { title: "Memory used", unit: "MiB", field: "memoryUsedMiB", floorMax: 0 },
  { title: "Temperature", unit: "°C", field: "temperatureC", floorMax: 60 },
  { title: "Power", unit: "W", field: "powerDrawW", floorMax: 0 },
] as const;

/** recharts takes about 5 µs a point: 300 are as many as a panel is wide enough for. */
const POINTS = 300;
const REFRESH_AT_LEAST_MS = 5000;

export function NodeHistory({ node }: { node: NodeView }) {
  // Its chart library is the heaviest part of the page: it comes when somebody scrolls here.
  const [section, isSeen] = useIsSeen<HTMLElement>();
  const [rangeText, setRange] = useUrlState("range", "600");
  const range = RANGES.find(({ value }) => value === rangeText)?.value ?? "600";
  const [cursor, setCursor] = useState<number | null>(null);
  const gpus = useMemo(() => usableGpus(node.gpus), [node.gpus]);
  const memoryMiB = Math.max(0, ...gpus.map((gpu) => gpu.memoryTotalMiB ?? 0));
  const seconds = Number(range);
  const samples = useQuery<SamplesResult, ApiError>({
    queryKey: [`/nodes/${node.id}/samples`, seconds],
    queryFn: ({ signal }) => {
      const from = new Date(live.now() - seconds * 1000).toISOString();
      return request<SamplesResult>(`/nodes/${node.id}/samples${queryString({ from, points: POINTS })}`, {
        signal,
      });
    },
    enabled: isSeen,
    refetchInterval: Math.max(REFRESH_AT_LEAST_MS, (seconds / POINTS) * 1000),
    placeholderData: keepPreviousData,
  });
  return (
    <section ref={section} aria-labelledby="node-history">
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <h2 id="node-history" className="font-semibold text-base">
          History
        </h2>
        {samples.data && (
          <span className="text-muted">
            one point stands for <span className="num">{formatDuration(samples.data.bucketSeconds)}</span>
          </span>
        )}
        <Select
          className="ml-auto max-w-44"
          aria-label="Time range"
          options={RANGES}
          value={range}
          onValueChange={setRange}
        />
      </div>
      <ResourceView resource={samples} skeleton={<HistorySkeleton />} title="Could not load the history.">
        {(data) => (
          <div className="grid gap-3 lg:grid-cols-2">
            {PANELS.map((panel) => (
              <HistoryPanel
                key={panel.field}
                {...panel}
                floorMax={panel.field === "memoryUsedMiB" ? memoryMiB : panel.floorMax}
                samples={data}
                gpus={gpus}
                cursor={cursor}
                onCursor={setCursor}
              />
            ))}
          </div>
        )}
      </ResourceView>
    </section>
  );
}

function HistorySkeleton() {
  return (
    <div role="status" aria-label="Loading the history" className="grid gap-3 lg:grid-cols-2">
      {PANELS.map((panel) => (
        <Skeleton key={panel.field} className="h-[176px] rounded-lg" />
      ))}
    </div>
  );
}
