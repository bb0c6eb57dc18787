"use client";

import { Download } from "lucide-react";
import Link from "next/link";
import { formatAge } from "@/components/format/format-time";
import { apiUrl } from "@/components/hooks/api";
import { useCanOperate } from "@/components/hooks/role-provider";
import { useNow } from "@/components/hooks/use-now";
import { StatusBadge } from "@/components/status/status-badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import type { EvaluationView } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";
import { describeSettings } from "./describe-settings";
import { ModelChip } from "./model-chip";

export interface EvaluationHeaderProps {
  evaluation: EvaluationView;
  onStop: () => void;
  onDelete: () => void;
}

export function EvaluationHeader({ evaluation, onStop, onDelete }: EvaluationHeaderProps) {
  const { id, name, status } = evaluation;
  const canOperate = useCanOperate();
  return (
    <PageHeader
      title={name}
      facts={<Facts evaluation={evaluation} />}
      actions={
        <>
          {(["csv", "json"] as const).map((format) => (
            <Button key={format} asChild>
              <a href={apiUrl(`/evaluations/${id}/export?format=${format}`)} download>
                <Download aria-hidden /> Export {format.toUpperCase()}
              </a>
            </Button>
          ))}
          {canOperate && isTerminal(status) && (
            <Button variant="danger" onClick={onDelete}>
              Delete
            </Button>
          )}
          {canOperate && !isTerminal(status) && (
            <Button variant="danger" disabled={status === "stopping"} onClick={onStop}>
              {status === "stopping" ? "Stopping" : "Stop evaluation"}
            </Button>
          )}
          {canOperate && (
            <Button asChild variant="primary">
              <Link href={`/evaluations/new?again=${id}`}>Evaluate again</Link>
            </Button>
          )}
        </>
      }
    />
  );
}

function Facts({ evaluation }: { evaluation: EvaluationView }) {
  const { status, runId, runName, models, promptCount, settings, hasRewardModel } = evaluation;
  const now = useNow(1000);
  return (
    <>
      <StatusBadge status={status} />
      <span className="min-w-0 truncate">
        of{" "}
        <Link href={`/runs/${runId}`} className="rounded text-fg underline underline-offset-2">
          {runName}
        </Link>
      </span>
      <span className="flex flex-wrap gap-x-3">
        {models.map(({ key, path }) => (
          <ModelChip key={key} modelKey={key} title={path} />
        ))}
      </span>
      <span>
        <span className="num">{promptCount}</span> {promptCount === 1 ? "prompt" : "prompts"}
      </span>
      <span>{describeSettings(settings)}</span>
      <span>
        {hasRewardModel ? "scored by the run\u2019s own reward model" : "without scores: no reward model"}
      </span>
      {now > 0 && (
        <span title={evaluation.createdAt}>
          by {evaluation.createdBy} <span className="num">{formatAge(evaluation.createdAt, now)}</span>
        </span>
      )}
    </>
  );
}
