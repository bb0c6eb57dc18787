"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { RunParameters } from "@/server/contracts/runs";

export interface AskedData {
  nodeId: string;
  name: string;
  /** Of the run that would train on it. */
  parameters?: RunParameters;
}

/** The first rows of a data set, read on a node. `readAgain` does not take what was read before. */
export function useDataPreview(asked: AskedData) {
  const [times, setTimes] = useState(0);
  const query = useQuery<DataPreview, ApiError>({
    queryKey: ["data-preview", asked, times],
    queryFn: ({ signal }) => {
      const { nodeId, ...body } = asked;
      return request<DataPreview>(`/nodes/${nodeId}/data-preview`, {
        method: "POST",
        body: { ...body, ...(times > 0 && { maxAgeSeconds: 0 }) },
        signal,
      });
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return { ...query, readAgain: () => setTimes((now) => now + 1) };
}
