"use client";

import { useQuery } from "@tanstack/react-query";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useKept } from "@/components/hooks/use-kept";
import type { RunEstimate } from "@/server/contracts/estimates";
import type { RunParameters } from "@/server/contracts/runs";

const REST_MS = 300;

export interface Estimate {
  data: RunEstimate | undefined;
  error: ApiError | null;
  retry: () => void;
}

/** The estimate of what the form says, once typing rests. The last answer stays while the next is asked. */
export function useEstimate(input: { nodeId: string | null; parameters: RunParameters }): Estimate {
  const rested = useDebounced(JSON.stringify(input), REST_MS);
  const { data, error, refetch } = useQuery<RunEstimate, ApiError>({
    queryKey: ["estimate", rested],
    queryFn: ({ signal }) =>
      request<RunEstimate>("/estimates", { method: "POST", body: JSON.parse(rested), signal }),
    enabled: input.nodeId !== null,
    retry: false,
    staleTime: 10_000,
  });
  return { data: useKept(data), error, retry: () => void refetch() };
}
