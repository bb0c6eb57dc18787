"use client";

import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import type { FieldProblem } from "@/server/contracts/errors";
import type { CreateNodeInput, HostKey, NodeView, TestConnectionResult } from "@/server/contracts/nodes";
import { ConnectionReport } from "./connection-report";
import { HostKeyCheck } from "./host-key-check";

export interface HostKeyStepProps {
  input: CreateNodeInput;
  hostKey: HostKey;
  isPractice: boolean;
  onBack: () => void;
  /** The server refuses fields of the first step. */
  onRefused: (fields: readonly FieldProblem[]) => void;
  onAdded: (node: NodeView) => void;
}

export function HostKeyStep(props: HostKeyStepProps) {
  const { input, hostKey, isPractice, onBack, onRefused, onAdded } = props;
  const [isConfirmed, setConfirmed] = useState(false);
  const { host, port, username, credential } = input;
  const sendBack = ({ details }: ApiError) => details.fields && onRefused(details.fields);
  const test = useAction({
    run: () =>
      request<TestConnectionResult>("/nodes/test", {
        method: "POST",
        body: { host, port, username, credential, hostKey },
      }),
    onError: sendBack,
  });
  const add = useAction({
    run: () => request<NodeView>("/nodes", { method: "POST", body: { ...input, hostKey } }),
    touches: ["/nodes"],
    onDone: onAdded,
    onError: sendBack,
  });
  const problem = add.error ?? test.error;
  const retry = add.error ? () => add.mutate() : () => test.mutate();
  return (
    <div className="panel flex flex-col gap-4 p-4">
      <p>
        <span className="num">{`${host}:${port}`}</span> shows this key. No password has been sent yet.
      </p>
      <HostKeyCheck
        hostKey={hostKey}
        isPractice={isPractice}
        isConfirmed={isConfirmed}
        onConfirmedChange={setConfirmed}
      />
      {problem && (
        <ErrorNotice
          error={problem}
          onRetry={retry}
          fixes={{ "edit-credential": onBack, "compare-host-keys": onBack, "check-address": onBack }}
        />
      )}
      {test.data && !problem && <ConnectionReport result={test.data} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button className="mr-auto" onClick={onBack}>
          Back
        </Button>
        <Button
          disabled={!isConfirmed || add.isPending}
          isBusy={test.isPending}
          onClick={() => {
            add.reset();
            test.mutate();
          }}
        >
          Test connection
        </Button>
        <Button
          variant="primary"
          disabled={!isConfirmed || test.isPending}
          isBusy={add.isPending}
          onClick={() => {
            test.reset();
            add.mutate();
          }}
        >
          Add node
        </Button>
      </div>
    </div>
  );
}
