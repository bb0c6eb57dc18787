"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { CursorPlace, CursorStore } from "@/components/charts/cursor-store";
import type { StepClock } from "@/components/charts/prepare-scalars";
import { GpuLiveRows } from "@/components/gpus/gpu-live-rows";
import { queryString, request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { live } from "@/components/hooks/live-client";
import { useResource } from "@/components/hooks/use-resource";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { usableGpus } from "@/components/yard/prepare-node";
import type { NodeView } from "@/server/contracts/nodes";
import type { AttemptView } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";
import type { SamplesResult } from "@/server/contracts/telemetry";
import { GpuHistoryChart } from "./gpu-history-chart";

export interface RunGpusProps {
  attempt: AttemptView;
  cursor: CursorStore;
  clock: StepClock;
}

const POINTS = 600;
const REFRESH_MS = 5000;
const MIB_PER_GIB = 1024;

/** The attempt's GPUs: now, and over the attempt's whole time under the same cursor as its scalars. */
export function RunGpus({ attempt, cursor, clock }: RunGpusProps) {
  const node = useResource<NodeView>(`/nodes/${attempt.nodeId}`);
  const isActive = !isTerminal(attempt.status);
  const gpus = useMemo(
    () => usableGpus(node.data?.gpus ?? []).filter((gpu) => attempt.gpuUuids.includes(gpu.uuid)),
    [node.data, attempt.gpuUuids],
  );
  const samples = useAttemptSamples(attempt, isActive);
  const startedAtMs = attempt.startedAt === null ? null : Date.parse(attempt.startedAt);
  const toPlace = useCallback(
    (x: number): CursorPlace => {
      const time = (startedAtMs ?? 0) / 1000 + x;
      return { step: clock.stepOf(time), time };
    },
    [startedAtMs, clock],
  );
  const toX = useCallback(
    (place: CursorPlace) =>
      place.time === null || startedAtMs === null ? null : place.time - startedAtMs / 1000,
    [startedAtMs],
  );
  if (node.isPending) return <GpuSkeletons />;
  if (gpus.length === 0) return null;
  const shared = { samples: samples.data, gpus, startedAtMs: startedAtMs ?? 0, cursor, toPlace, toX };
  return (
    <>
      {isActive && (
        <Card title="GPUs" note="utilisation and memory, the last 3 minutes" className="lg:col-span-2">
          <GpuLiveRows nodeId={attempt.nodeId} gpus={gpus} hasUsers={false} />
        </Card>
      )}
      {startedAtMs !== null && (
        <>
          <GpuHistoryChart
            title="GPU utilisation"
            unit="%"
            field="utilizationGpuPercent"
            divisor={1}
            yMax={100}
            {...shared}
          />
          <GpuHistoryChart
            title="GPU memory"
            unit="GiB"
            field="memoryUsedMiB"
            divisor={MIB_PER_GIB}
            yMax={Math.max(1, ...gpus.map((gpu) => (gpu.memoryTotalMiB ?? 0) / MIB_PER_GIB))}
            {...shared}
          />
        </>
      )}
    </>
  );
}

function GpuSkeletons() {
  return (
    <>
      <Skeleton className="h-48 rounded-lg" />
      <Skeleton className="h-48 rounded-lg" />
    </>
  );
}

function useAttemptSamples(attempt: AttemptView, isActive: boolean) {
  const { startedAt, endedAt, nodeId } = attempt;
  return useQuery<SamplesResult, ApiError>({
    queryKey: [`/nodes/${nodeId}/samples`, attempt.id, endedAt],
    queryFn: ({ signal }) => {
      const to = endedAt ?? new Date(live.now()).toISOString();
      const query = queryString({
        from: startedAt,
        to,
        points: POINTS,
        fields: "utilizationGpuPercent,memoryUsedMiB",
      });
      return request<SamplesResult>(`/nodes/${nodeId}/samples${query}`, { signal });
    },
    enabled: startedAt !== null,
    refetchInterval: isActive ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });
}
