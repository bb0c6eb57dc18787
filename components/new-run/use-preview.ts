"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
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

export interface Preview {
  data: RunPreview | undefined;
  error: ApiError | null;
  /** The answer is to what the form says now, not to what it said before. */
  isCurrent: boolean;
  retry: () => void;
}

/** Findings and commands for what the form says, once typing rests. The last good answer stays while the next is asked. */
export function usePreview(input: PreviewInput): Preview {
  const asked = JSON.stringify(input);
  const rested = useDebounced(asked, REST_MS);
  const lastGood = useRef<RunPreview>(undefined);
  const { data, error, isFetching, refetch } = useQuery<RunPreview, ApiError>({
    queryKey: ["preview", rested],
    queryFn: ({ signal }) =>
      request<RunPreview>("/runs/preview", { method: "POST", body: JSON.parse(rested), signal }),
    enabled: input.nodeId !== null,
    retry: false,
    staleTime: 10_000,
  });
  if (data) lastGood.current = data;
  const isCurrent = asked === rested && !isFetching;
  return { data: lastGood.current, error, isCurrent, retry: () => void refetch() };
}
