"use client";

import dynamic from "next/dynamic";
import Link from "next/link";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { LogTail } from "@/components/logs/log-tail";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { StatusBadge } from "@/components/status/status-badge";
import { Button } from "@/components/ui/button";
import type { FieldValue } from "@/server/contracts/recipes";
import type { RunView, StageView } from "@/server/contracts/runs";
import { failureAdvice, isOutOfGpuMemory } from "./failure-advice";

const MemoryRetry = dynamic(() => import("./memory-retry").then((module) => module.MemoryRetry));

export interface FailurePanelProps {
  run: RunView;
  stage: StageView;
}

/** The evidence first: how it ended, what the log said last, and the way on. */
export function FailurePanel({ run, stage }: FailurePanelProps) {
  const attempt = stage.attempts.at(-1);
  const retry = useAction({
    run: (fields: Record<string, FieldValue>) =>
      request<RunView>(`/runs/${run.id}/retry`, { method: "POST", body: { stage: stage.kind, fields } }),
    touches: ["/runs", "/nodes"],
  });
  const look = STAGE_LOOK[stage.kind];
  const advice = failureAdvice(
    attempt ?? { reason: stage.reason, exitWhy: null, status: stage.status, endCause: null },
  );
  const exit = attempt?.exitStatus ?? null;
  return (
    <section
      aria-label={`${look.label} ${stage.status}`}
      className="panel mb-5 border-l-[3px] border-l-bad px-3.5 py-3"
    >
      <div className="flex flex-wrap items-baseline gap-x-2.5">
        <h2 className="font-semibold">{look.label}</h2>
        <StatusBadge status={stage.status} />
        {exit !== null && <span className="num text-muted">exit status {exit}</span>}
        {attempt && stage.attempts.length > 1 && <span className="text-muted">attempt {attempt.number}</span>}
      </div>
      <p className="mt-0.5">{attempt?.reason ?? stage.reason ?? "No reason was recorded."}</p>
      <p className="text-muted">{advice.text}</p>
      {attempt && <LogTail attemptId={attempt.id} lineCount={12} />}
      {retry.error && <ErrorNotice error={retry.error} onRetry={() => retry.mutate(retry.variables ?? {})} />}
      {isOutOfGpuMemory(advice) && (
        <MemoryRetry runId={run.id} stage={stage.kind} isBusy={retry.isPending} onRetry={retry.mutate} />
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="sm" isBusy={retry.isPending} onClick={() => retry.mutate({})}>
          Retry stage
        </Button>
        <Button asChild size="sm">
          <Link href={`/runs/new?clone=${run.id}`}>Clone and change</Link>
        </Button>
        <Button asChild size="sm">
          <Link href={`/runs/${run.id}?stage=${stage.kind}&tab=log`}>Open the log</Link>
        </Button>
      </div>
    </section>
  );
}
