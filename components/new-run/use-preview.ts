"use client";

import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { request } from "@/components/hooks/api";
import { type ApiError, toApiError } from "@/components/hooks/api-error";
import type { RunParameters, RunPreview } from "@/server/contracts/runs";

export interface PreviewInput {
  nodeId: string | null;
  name: string;
  parameters: RunParameters;
}

export interface Preview {
  /** The newest commands and findings that there are. */
  data: RunPreview | undefined;
  /** Why the newest answer has none. */
  error: ApiError | null;
  /** The answer is to what the form says now, not to what it said before. */
  isCurrent: boolean;
  /** The answer to what the form says now; neither where nothing can be asked. */
  settle: () => Promise<Pick<Preview, "data" | "error">>;
  retry: () => void;
}

interface Answer {
  preview: RunPreview | undefined;
  error: ApiError | null;
}

/** For going back to a value that was just there. An answer holds all three commands: many are not kept for long. */
const KEPT_MS = 20_000;

/**
 * Findings and commands for what the form says. Asked at the keystroke, one question at a time: what is typed meanwhile is
 * asked once the answer is there, and an answer to what no longer stands in the form is dropped. The last one stays until then.
 */
export function usePreview(input: PreviewInput): Preview {
  "use memo";
  const client = useQueryClient();
  const { nodeId, name, parameters } = input;
  const wanted = useMemo(() => JSON.stringify({ nodeId, name, parameters }), [nodeId, name, parameters]);
  const [asked, setAsked] = useState(wanted);
  const [last, setLast] = useState<Answer>({ preview: undefined, error: null });
  const { data, error, isFetching, refetch } = useQuery<RunPreview, ApiError>({
    ...questionOf(asked),
    enabled: nodeId !== null,
  });
  if (asked !== wanted && !isFetching) setAsked(wanted);
  const isCurrent = asked === wanted && !isFetching;
  const answer = { preview: data ?? last.preview, error };
  const isNews = answer.preview !== last.preview || answer.error !== last.error;
  if (isCurrent && isNews) setLast(answer);
  const shown = isCurrent ? answer : last;
  return {
    data: shown.preview,
    error: shown.error,
    isCurrent,
    settle: () => settle(client, nodeId === null ? null : wanted),
    retry: () => void refetch(),
  };
}

async function settle(client: QueryClient, asked: string | null): ReturnType<Preview["settle"]> {
  if (asked === null) return { data: undefined, error: null };
  try {
    return { data: await client.fetchQuery(questionOf(asked)), error: null };
  } catch (error) {
    return { data: undefined, error: toApiError(error) };
  }
}

function questionOf(asked: string) {
  return {
    queryKey: ["preview", asked],
    queryFn: () => request<RunPreview>("/runs/preview", { method: "POST", body: JSON.parse(asked) }),
    retry: false,
    staleTime: 10_000,
    gcTime: KEPT_MS,
  };
}
