"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { useRoom } from "@/components/hooks/use-live";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunView } from "@/server/contracts/runs";
import type { StageKind } from "@/server/contracts/statuses";
import { DiskAlarm } from "../nodes/disk-alarm";
import { FailurePanel } from "./failure-panel";
import { PipelineStrip } from "./pipeline-strip";
import { runAct, stageOfInterest } from "./prepare-pipeline";
import { RunHeader } from "./run-header";
import { StageSection } from "./stage-section";

const StopDialog = dynamic(() => import("./stop-dialog").then((module) => module.StopDialog));
const DeleteRunDialog = dynamic(() => import("./delete-run-dialog").then((module) => module.DeleteRunDialog));

export function RunPage({ runId }: { runId: string }) {
  useRoom(`run:${runId}`);
  const run = useResource<RunView>(`/runs/${runId}`);
  return (
    <ResourceView resource={run} skeleton={<RunSkeleton />} title="Could not load the run.">
      {(data) => <RunContent run={data} />}
    </ResourceView>
  );
}

type OpenDialog = { kind: "stop"; stage: StageKind | null } | { kind: "delete" } | null;

function RunContent({ run }: { run: RunView }) {
  const [chosen, setChosen] = useUrlState("stage", "");
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const kind = run.stages.find((stage) => stage.kind === chosen)?.kind ?? stageOfInterest(run.stages);
  const stage = run.stages.find((candidate) => candidate.kind === kind);
  const failed = run.stages.filter(({ status }) => status === "failed" || status === "interrupted");
  const close = () => setDialog(null);
  return (
    <>
      <RunHeader
        run={run}
        onStop={() => setDialog({ kind: "stop", stage: null })}
        onDelete={() => setDialog({ kind: "delete" })}
      />
      {runAct(run) === "stop" && <DiskAlarm nodeId={run.nodeId} nodeName={run.nodeName} />}
      {failed.map((candidate) => (
        <FailurePanel key={candidate.id} run={run} stage={candidate} />
      ))}
      <PipelineStrip stages={run.stages} forecast={run.forecast} selected={kind} onSelect={setChosen} />
      {stage && (
        <StageSection run={run} stage={stage} onStop={() => setDialog({ kind: "stop", stage: kind })} />
      )}
      {dialog?.kind === "stop" && <StopDialog run={run} stage={dialog.stage} onClose={close} />}
      {dialog?.kind === "delete" && <DeleteRunDialog run={run} onClose={close} />}
    </>
  );
}

function RunSkeleton() {
  return (
    <div role="status" aria-label="Loading the run">
      <Skeleton className="mb-6 h-12 w-96 max-w-full" />
      <Skeleton className="mb-5 h-36 rounded-lg" />
      <div className="grid gap-3 lg:grid-cols-2">
        <Skeleton className="h-[212px] rounded-lg" />
        <Skeleton className="h-[212px] rounded-lg" />
      </div>
    </div>
  );
}
