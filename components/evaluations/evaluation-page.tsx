"use client";

import { Download } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { apiUrl } from "@/components/hooks/api";
import { useFileHints, useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { StatusBadge } from "@/components/status/status-badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Switch } from "@/components/ui/switch";
import type { EvaluationView } from "@/server/contracts/evaluations";
import { AnswerCell } from "./answer-cell";
import { formatScore, markOf, meanScore } from "./format-score";

export function EvaluationPage({ id }: { id: string }) {
  useRoom(`evaluation:${id}`);
  const evaluation = useResource<EvaluationView>(`/evaluations/${id}`);
  useFileHints(evaluation.data?.attemptId ?? null, () => void evaluation.refetch());
  return (
    <ResourceView
      resource={evaluation}
      skeleton={<SkeletonRows count={8} />}
      title="Could not load the evaluation."
    >
      {(data) => <EvaluationBody evaluation={data} />}
    </ResourceView>
  );
}

function EvaluationBody({ evaluation }: { evaluation: EvaluationView }) {
  const [isDiffOn, setDiffOn] = useState(true);
  const download = (format: string) => apiUrl(`/evaluations/${evaluation.id}/export?format=${format}`);
  return (
    <>
      <PageHeader
        title={evaluation.name}
        facts={
          <>
            <StatusBadge status={evaluation.status} />
            <span>
              <span className="num">
                {evaluation.answersDone} / {evaluation.promptCount * evaluation.models.length}
              </span>{" "}
              answers
            </span>
            <span>
              of{" "}
              <Link href={`/runs/${evaluation.runId}`} className="text-fg underline underline-offset-2">
                {evaluation.runName}
              </Link>
            </span>
            {evaluation.hasRewardModel && <span>scored by its own reward model</span>}
            {evaluation.reason !== null && evaluation.status !== "succeeded" && (
              <span className="text-bad">{evaluation.reason}</span>
            )}
          </>
        }
        actions={
          <>
            {["csv", "json"].map((format) => (
              <Button key={format} asChild>
                <a href={download(format)} download>
                  <Download /> Export {format.toUpperCase()}
                </a>
              </Button>
            ))}
          </>
        }
      />
      <div className="mb-3 flex items-center gap-2">
        <Switch id="differences" checked={isDiffOn} onCheckedChange={setDiffOn} />
        <label htmlFor="differences">Mark words that the baseline did not say</label>
      </div>
      <Matrix evaluation={evaluation} isDiffOn={isDiffOn} />
    </>
  );
}

function Matrix({ evaluation, isDiffOn }: { evaluation: EvaluationView; isDiffOn: boolean }) {
  const { models, prompts, answers } = evaluation;
  return (
    <div className="panel overflow-hidden">
      <div
        className="hidden border-b md:grid"
        style={{ gridTemplateColumns: `220px repeat(${models.length}, minmax(0, 1fr))` }}
      >
        <div className="px-3.5 py-2.5 text-muted">prompt</div>
        {models.map((model) => (
          <div
            key={model.key}
            className="flex items-baseline justify-between gap-2 border-line-faint border-l px-3.5 py-2.5"
          >
            <span className="font-semibold">{model.label}</span>
            <span className="num text-muted">
              {formatScore(meanScore(answers.filter((answer) => answer.modelKey === model.key)))}
            </span>
          </div>
        ))}
      </div>
      {prompts.map((prompt, index) => {
        const row = answers.filter((answer) => answer.promptIndex === index);
        const baseline = row.find((answer) => answer.modelKey === "baseline")?.text ?? null;
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: prompts have no identity but their place
            key={index}
            className="border-line-faint border-t first:border-t-0 md:grid"
            style={{ gridTemplateColumns: `220px repeat(${models.length}, minmax(0, 1fr))` }}
          >
            <p className="px-3.5 py-3 text-muted">{prompt}</p>
            {models.map((model) => {
              const answer = row.find((one) => one.modelKey === model.key);
              return (
                <div key={model.key} className="border-line-faint px-3.5 py-3 max-md:border-t md:border-l">
                  <AnswerCell
                    label={model.label}
                    answer={answer}
                    baseline={isDiffOn && model.key !== "baseline" ? baseline : null}
                    mark={markOf(answer, row)}
                  />
                </div>
              );
            })}
          </div>
        );
      })}
    </div>
  );
}
