"use client";

import { useQuery } from "@tanstack/react-query";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useKept } from "@/components/hooks/use-kept";
import type { NodeChecks } from "@/server/contracts/node-checks";
import type { RunParameters } from "@/server/contracts/runs";
import { type AskedNode, nodeQuestion } from "./node-question";

/** Asking costs a round trip to the node: only once typing rests. */
const REST_MS = 600;
const FRESH_MS = 8_000;
/** A node that answered that something is wrong is asked again while the form is in sight. */
const TROUBLE_EVERY_MS = 10_000;
const KEPT_MS = 60_000;

export interface NodeChecksInput {
  /** null: none is chosen. */
  node: AskedNode | null;
  parameters: RunParameters;
  /** The server's own rules have answered and refused nothing that it could not read. */
  isSettled: boolean;
}

export interface NodeLook {
  /** The newest answer about the node that is chosen. */
  data: NodeChecks | undefined;
  error: ApiError | null;
  /** The answer is to what the form says now; it stays so while the same is asked again. */
  isCurrent: boolean;
  /** The node is being asked, or will be once typing rests. */
  isLooking: boolean;
  retry: () => void;
}

/** What only the node can say, asked beside the form's other checks when a part of the run changed that it depends on. */
export function useNodeChecks({ node, parameters, isSettled }: NodeChecksInput): NodeLook {
  "use memo";
  const nodeId = node?.id ?? null;
  const wanted = node === null ? "" : nodeQuestion(node, parameters);
  const rested = useDebounced(wanted, REST_MS);
  const isAsked = nodeId !== null && rested === wanted;
  const { data, error, isFetching, refetch } = useQuery<NodeChecks, ApiError>({
    queryKey: ["node-checks", rested],
    queryFn: () => request<NodeChecks>("/runs/node-checks", { method: "POST", body: { nodeId, parameters } }),
    retry: false,
    staleTime: FRESH_MS,
    gcTime: KEPT_MS,
    enabled: isAsked && isSettled,
    // Somebody may be mending it on the node.
    refetchOnWindowFocus: true,
    refetchInterval: ({ state }) => (hasTrouble(state.data) ? TROUBLE_EVERY_MS : false),
  });
  const isCurrent = isAsked && (data !== undefined || error !== null);
  const kept = useKept(isCurrent ? data : undefined, nodeId);
  return {
    data: isCurrent ? data : kept,
    error: isCurrent ? error : null,
    isCurrent,
    isLooking: isFetching || (nodeId !== null && isSettled && !isCurrent),
    retry: () => void refetch(),
  };
}

/** One that did not answer is not: a disk that hangs would hold one program more each time. */
function hasTrouble(data: NodeChecks | undefined): boolean {
  return (data?.findings ?? []).some(({ severity }) => severity === "error");
}
