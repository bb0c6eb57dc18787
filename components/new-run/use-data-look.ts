"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "@/components/hooks/api";
import type { ApiError } from "@/components/hooks/api-error";
import { useDebounced } from "@/components/hooks/use-debounced";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { NodeView } from "@/server/contracts/nodes";
import type { RunParameters } from "@/server/contracts/runs";
import { STAGE_KINDS } from "@/server/contracts/statuses";
import { namesOnNode } from "./data-choice";
import type { FindingSource } from "./finding-source";

const REST_MS = 600;
/** The node reads a data set once; what other settings make of its rows costs it nothing. */
const KEPT_SECONDS = 3600;
/** Fields by which rows are judged. */
const FIELDS = [
  "data_path",
  "sft_only_data_path",
  "data_split",
  "max_seq_len",
  "max_prompt_seq_len",
] as const;

export interface DataLook {
  /** Somebody looked at this data set: from now on the form judges its rows, while a stage names it. */
  onLooked: (name: string) => void;
  /** null: nobody has looked at what the stages name. */
  source: FindingSource | null;
}

/** What the rows that somebody looked at mean for the run, asked again when a field changes that they are judged by. */
export function useDataLook(node: NodeView | null, parameters: RunParameters): DataLook {
  const [looked, setLooked] = useState<readonly string[]>([]);
  const key = JSON.stringify([
    node?.id,
    STAGE_KINDS.map((kind) => FIELDS.map((name) => parameters.stages[kind].fields[name])),
  ]);
  const rested = useDebounced(key, REST_MS);
  const names = namesOnNode(parameters).filter((name) => looked.includes(`${node?.id} ${name}`));
  const { data, error, isFetching, refetch } = useQuery<DataPreview[], ApiError>({
    queryKey: ["data-look", rested, names],
    queryFn: () => Promise.all(names.map((name) => judge(node?.id ?? "", name, parameters))),
    enabled: names.length > 0 && rested === key,
    retry: false,
    staleTime: KEPT_SECONDS * 1000,
    placeholderData: (previous) => previous,
  });
  const isCurrent = rested === key && !isFetching;
  const source: FindingSource = {
    id: "data",
    label: "Rows",
    covers: `the first rows of ${names.join(", ")}: columns, answers and lengths`,
    state: error ? "failed" : isCurrent ? "done" : "looking",
    reason: error?.message ?? null,
    findings: data?.flatMap(({ findings }) => findings) ?? [],
    onRetry: () => void refetch(),
  };
  return {
    onLooked: (name) => setLooked((now) => [...new Set([...now, `${node?.id} ${name}`])]),
    source: names.length === 0 ? null : source,
  };
}

function judge(nodeId: string, name: string, parameters: RunParameters): Promise<DataPreview> {
  return request(`/nodes/${nodeId}/data-preview`, {
    method: "POST",
    body: { name, parameters, maxAgeSeconds: KEPT_SECONDS, isBrief: true },
  });
}
