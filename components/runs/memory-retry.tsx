"use client";

import { formatGiB } from "@/components/estimates/format-estimate";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import type { RetryOptions, StageEstimate } from "@/server/contracts/estimates";
import type { FieldValue } from "@/server/contracts/recipes";
import type { StageKind } from "@/server/contracts/statuses";

export interface MemoryRetryProps {
  runId: string;
  stage: StageKind;
  isBusy: boolean;
  onRetry: (fields: Record<string, FieldValue>) => void;
}

/** For a stage that ran out of GPU memory: lighter settings, each with what it is estimated to need. */
export function MemoryRetry({ runId, stage, isBusy, onRetry }: MemoryRetryProps) {
  const { data } = useResource<RetryOptions>(`/runs/${runId}/retry-options?stage=${stage}`);
  if (!data || data.options.length === 0) return null;
  return (
    <ul aria-label="Retry with less memory" className="mt-2 flex flex-col gap-1">
      {data.options.map(({ label, fields, estimate }) => (
        <li key={label} className="flex flex-wrap items-center gap-x-2">
          <Button size="sm" isBusy={isBusy} onClick={() => onRetry(fields)}>
            Retry: {label}
          </Button>
          <Need now={data.now} estimate={estimate} />
        </li>
      ))}
    </ul>
  );
}

function Need({
  now,
  estimate: { memory, isFitting, gpus },
}: {
  now: StageEstimate;
  estimate: StageEstimate;
}) {
  if (memory === null) return null;
  const sizes = gpus.flatMap(({ memoryTotalMiB }) => memoryTotalMiB ?? []);
  return (
    <span className="text-muted">
      needs about <span className="num text-fg">{formatGiB(memory.totalGiB)}</span>
      {sizes.length > 0 && (
        <>
          {" "}
          of <span className="num">{formatGiB(Math.min(...sizes) / 1024)}</span>
        </>
      )}{" "}
      GiB
      {now.memory !== null && (
        <>
          {" "}
          instead of <span className="num">{formatGiB(now.memory.totalGiB)}</span>
        </>
      )}
      {isFitting === false && <span className="text-bad">, still too much</span>}
    </span>
  );
}
