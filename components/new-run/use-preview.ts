"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useDebounced } from "@/components/hooks/use-debounced";
import type { RunParameters, RunPreview } from "@/server/contracts/runs";

const REST_MS = 300;

export interface PreviewInput {
  nodeId: string | null;
  name: string;
  parameters: RunParameters;
}

/** Findings and commands for what the form says, once typing rests. The last good answer stays while the next is asked. */
export function usePreview(input: PreviewInput): { preview: RunPreview | undefined; error: ApiError | null } {
  const rested = useDebounced(JSON.stringify(input), REST_MS);
  const { data, error } = useQuery<RunPreview, ApiError>({
    queryKey: ["preview", rested],
    queryFn: ({ signal }) =>
      request<RunPreview>("/runs/preview", { method: "POST", body: JSON.parse(rested), signal }),
    enabled: input.nodeId !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });
  return { preview: data, error };
}
