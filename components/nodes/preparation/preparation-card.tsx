"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useIsAdmin } from "@/components/hooks/role-provider";
import { useAction } from "@/components/hooks/use-action";
import { useResource } from "@/components/hooks/use-resource";
import { StatusBadge } from "@/components/status/status-badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Skeleton } from "@/components/ui/skeleton";
import type { NodeView } from "@/server/contracts/nodes";
import type { PreparationView } from "@/server/contracts/preparation";
import { preparationOffers } from "./preparation-offers";
import { PreparationSteps } from "./preparation-steps";

const PreparationForm = dynamic(() => import("./preparation-form").then((module) => module.PreparationForm));
const PreparationLog = dynamic(() => import("./preparation-log").then((module) => module.PreparationLog));

/** What preparing does to this node, how far it is, and the buttons for it. */
export function PreparationCard({ node }: { node: NodeView }) {
  const view = useResource<PreparationView>(`/nodes/${node.id}/prepare`);
  return (
    <Card title="Preparation" note="an environment of its own, in the user's home">
      {view.data ? (
        <PreparationContent node={node} view={view.data} />
      ) : view.error ? (
        <ErrorNotice error={view.error} onRetry={() => void view.refetch()} />
      ) : (
        <Skeleton className="h-16" />
      )}
    </Card>
  );
}

function PreparationContent({ node, view }: { node: NodeView; view: PreparationView }) {
  const isAdmin = useIsAdmin();
  const [isFormOpen, setFormOpen] = useState(false);
  const [isLogOpen, setLogOpen] = useState(false);
  const { job } = view;
  const offers = preparationOffers(job, { isAdmin, isOnline: node.status === "online" });
  const { isBusy } = offers;
  if (view.refusal !== null) return <p className="py-1 text-muted">{view.refusal}</p>;
  return (
    <div className="flex flex-col gap-2">
      {job === null ? (
        <p className="text-muted">
          Installs Python packages, DeepSpeed-Chat and models in {node.username}’s home, without sudo or
          Docker.
        </p>
      ) : (
        <>
          <p className="flex flex-wrap items-center gap-x-2" aria-live="polite">
            <StatusBadge status={isBusy && job.isCancelRequested ? "stopping" : job.status} />
            <span>{job.action === "prepare" ? "prepare" : "uninstall"}</span>
            <span className="text-muted">by {job.requestedBy}</span>
          </p>
          {job.reason !== null && <p className="[overflow-wrap:anywhere]">{job.reason}</p>}
          {offers.note !== null && <p className="text-muted">{offers.note}</p>}
          <PreparationSteps job={job} />
        </>
      )}
      <div className="flex flex-wrap gap-2">
        {offers.canPrepare && (
          <Button variant={job === null ? "primary" : "default"} onClick={() => setFormOpen(!isFormOpen)}>
            {prepareLabel(view, isFormOpen)}
          </Button>
        )}
        {offers.canCancel && <CancelButton nodeId={node.id} isRequested={job?.isCancelRequested ?? false} />}
        {job !== null && (
          <Button variant="ghost" onClick={() => setLogOpen(!isLogOpen)} aria-expanded={isLogOpen}>
            {isLogOpen ? "Hide log" : "Show log"}
          </Button>
        )}
        {offers.canUninstall && <UninstallButton node={node} view={view} />}
      </div>
      {isFormOpen && !isBusy && (
        <PreparationForm nodeId={node.id} view={view} onStarted={() => setFormOpen(false)} />
      )}
      {isLogOpen && job !== null && <PreparationLog nodeId={node.id} jobId={job.id} size={job.logSize} />}
    </div>
  );
}

function prepareLabel({ job }: PreparationView, isOpen: boolean): string {
  if (isOpen) return "Close";
  if (job === null || job.action === "uninstall") return "Prepare node…";
  return job.status === "succeeded" ? "Prepare again…" : "Resume…";
}

function CancelButton({ nodeId, isRequested }: { nodeId: string; isRequested: boolean }) {
  const cancel = useAction({
    run: () => request<PreparationView>(`/nodes/${nodeId}/prepare/cancel`, { method: "POST" }),
    touches: [`/nodes/${nodeId}`],
  });
  return (
    <>
      <Button isBusy={cancel.isPending} disabled={isRequested} onClick={() => cancel.mutate()}>
        {isRequested ? "Cancelling…" : "Cancel job"}
      </Button>
      {cancel.error && <ErrorNotice error={cancel.error} />}
    </>
  );
}

function UninstallButton({ node, view }: { node: NodeView; view: PreparationView }) {
  const [isOpen, setOpen] = useState(false);
  const uninstall = useAction({
    run: () => request<PreparationView>(`/nodes/${node.id}/prepare`, { method: "DELETE" }),
    touches: [`/nodes/${node.id}`],
    onDone: () => setOpen(false),
  });
  const models =
    view.settings.hubDirectory === null
      ? "the models in it"
      : `not the models in ${view.settings.hubDirectory}`;
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen(true)}>
        Uninstall…
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={(open) => {
          uninstall.reset();
          setOpen(open);
        }}
        title={`Uninstall from ${node.name}?`}
        description={`Removes the environment that preparing made, ${models}, and nothing that Trainyard did not make. A checkout with changes of yours stays.`}
        confirmLabel="Uninstall"
        isDangerous
        isBusy={uninstall.isPending}
        onConfirm={() => uninstall.mutate()}
      >
        {uninstall.error && <ErrorNotice error={uninstall.error} />}
      </ConfirmDialog>
    </>
  );
}
