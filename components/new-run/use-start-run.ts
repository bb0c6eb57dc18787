"use client";

import { useRouter } from "next/navigation";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useAction } from "@/components/hooks/use-action";
import type { RunView } from "@/server/contracts/runs";
import type { Draft } from "./draft";

/** What is started. */
export interface StartRunInput {
  draft: Draft;
  parameters: Draft["parameters"];
}

interface StartRun {
  /** The draft has become a run. */
  forget: () => void;
  onRefused: (error: ApiError) => void;
}

export function useStartRun({ forget, onRefused }: StartRun) {
  const router = useRouter();
  return useAction({
    run: ({ draft, parameters }: StartRunInput) =>
      request<RunView>("/runs", {
        method: "POST",
        body: {
          name: draft.name,
          nodeId: draft.nodeId,
          parameters,
          idempotencyKey: draft.idempotencyKey,
          ...(draft.clonedFromId === null ? {} : { clonedFromId: draft.clonedFromId }),
        },
      }),
    onError: onRefused,
    touches: ["/runs", "/nodes"],
    onDone: (run) => {
      forget();
      router.push(`/runs/${run.id}`);
    },
  });
}
