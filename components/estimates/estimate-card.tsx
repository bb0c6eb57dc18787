"use client";

import { ErrorNotice } from "@/components/errors/error-notice";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunEstimate, StageEstimate } from "@/server/contracts/estimates";
import type { Fix, RunParameters } from "@/server/contracts/runs";
import { formatMoney } from "./format-estimate";
import { StageEstimateRow } from "./stage-estimate-row";
import { useEstimate } from "./use-estimate";

export interface EstimateCardProps {
  nodeId: string | null;
  parameters: RunParameters;
  onFix: (changes: Fix["changes"]) => void;
}

/** Beside the form: whether each stage fits its GPUs, how long it takes and what it costs. */
export function EstimateCard({ nodeId, parameters, onFix }: EstimateCardProps) {
  const { data, error, retry } = useEstimate({ nodeId, parameters });
  // What is wrong with a field stands at the field.
  if (error && error.code !== "VALIDATION") {
    return <ErrorNotice error={error} title="The run could not be estimated." onRetry={retry} />;
  }
  if (!data) return nodeId === null || error ? null : <Skeleton className="h-60 rounded-lg" />;
  function applyBatch({ stage, batchFields, largestBatch }: StageEstimate) {
    onFix(batchFields.map((field) => ({ path: `stages.${stage}.fields.${field}`, value: largestBatch })));
  }
  return (
    <Card title="Will it fit" aside={<Cost estimate={data} />}>
      {commonReason(data.stages) ??
        data.stages.map((stage) => (
          <StageEstimateRow key={stage.stage} estimate={stage} onApply={() => applyBatch(stage)} />
        ))}
    </Card>
  );
}

/** Said once where nothing can be told of any stage, and for the same reasons. */
function commonReason(stages: readonly StageEstimate[]) {
  const [first] = stages;
  const isCommon = stages.every(
    ({ memory, time, reason, timeReason }) =>
      memory === null && time === null && reason === first?.reason && timeReason === first.timeReason,
  );
  if (!first || !isCommon) return null;
  return (
    <p className="py-1 text-muted">
      {first.reason} {first.timeReason}
    </p>
  );
}

function Cost({ estimate: { pricePerGpuHour, stages } }: { estimate: RunEstimate }) {
  if (pricePerGpuHour === null) return null;
  const costs = stages.map(({ cost }) => cost);
  if (costs.some((cost) => cost === null)) return null;
  const total = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  return (
    <span title={`At ${pricePerGpuHour} per GPU hour, the node's price`}>
      about <span className="num text-fg">{formatMoney(total)}</span> in all
    </span>
  );
}
