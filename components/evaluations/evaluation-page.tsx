"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Tab, TabPanel, Tabs, TabsList } from "@/components/ui/tabs";
import type { EvaluationView } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";
import { answerRows } from "./answer-rows";
import { AnswersPanel } from "./answers-panel";
import { EvaluationHeader } from "./evaluation-header";
import { EvaluationProblem } from "./evaluation-problem";
import { modelFigures } from "./model-figures";
import { ProgressLine } from "./progress-line";
import { ScoreSummary } from "./score-summary";

const StopEvaluationDialog = dynamic(() =>
  import("./stop-evaluation-dialog").then((module) => module.StopEvaluationDialog),
);
const DeleteEvaluationDialog = dynamic(() =>
  import("./delete-evaluation-dialog").then((module) => module.DeleteEvaluationDialog),
);
const LogViewer = dynamic(() => import("@/components/logs/log-viewer").then((module) => module.LogViewer), {
  loading: () => <Skeleton className="h-96 rounded-lg" />,
});

export function EvaluationPage({ id }: { id: string }) {
  useRoom(`evaluation:${id}`);
  const evaluation = useResource<EvaluationView>(`/evaluations/${id}`);
  return (
    <ResourceView
      resource={evaluation}
      skeleton={<EvaluationSkeleton />}
      title="Could not load the evaluation."
    >
      {(data) => <EvaluationContent evaluation={data} />}
    </ResourceView>
  );
}

function EvaluationContent({ evaluation }: { evaluation: EvaluationView }) {
  const [tab, setTab] = useUrlState("tab", "answers");
  const [dialog, setDialog] = useState<"stop" | "delete" | null>(null);
  const rows = useMemo(() => answerRows(evaluation), [evaluation]);
  const figures = useMemo(() => modelFigures(evaluation, rows), [evaluation, rows]);
  const { status, attemptId } = evaluation;
  const hasProblem = status === "failed" || status === "interrupted";
  const close = () => setDialog(null);
  return (
    <>
      <EvaluationHeader
        evaluation={evaluation}
        onStop={() => setDialog("stop")}
        onDelete={() => setDialog("delete")}
      />
      {hasProblem && <EvaluationProblem evaluation={evaluation} onOpenLog={() => setTab("log")} />}
      <ProgressLine evaluation={evaluation} />
      <Tabs value={tab === "log" ? "log" : "answers"} onValueChange={setTab}>
        <TabsList label="Parts of the evaluation">
          <Tab value="answers">Answers</Tab>
          <Tab value="log">Log</Tab>
        </TabsList>
        <TabPanel value="answers" tabIndex={-1}>
          <ScoreSummary evaluation={evaluation} figures={figures} />
          <AnswersPanel evaluation={evaluation} rows={rows} />
        </TabPanel>
        <TabPanel value="log">
          {attemptId === null ? (
            <p className="rounded-lg border border-dashed px-4 py-6 text-muted">
              It has not started, so there is no log yet.
            </p>
          ) : (
            <LogViewer key={attemptId} attemptId={attemptId} isActive={!isTerminal(status)} />
          )}
        </TabPanel>
      </Tabs>
      {dialog === "stop" && <StopEvaluationDialog evaluation={evaluation} onClose={close} />}
      {dialog === "delete" && <DeleteEvaluationDialog evaluation={evaluation} onClose={close} />}
    </>
  );
}

function EvaluationSkeleton() {
  return (
    <div role="status" aria-label="Loading the evaluation">
      <Skeleton className="mb-4 h-12 w-96 max-w-full" />
      <Skeleton className="mb-4 h-8" />
      <Skeleton className="mb-4 h-9" />
      <div className="mb-4 grid gap-3 lg:grid-cols-3">
        <Skeleton className="h-36 rounded-lg" />
        <Skeleton className="h-36 rounded-lg" />
        <Skeleton className="h-36 rounded-lg" />
      </div>
      <Skeleton className="h-[480px] rounded-lg" />
    </div>
  );
}
