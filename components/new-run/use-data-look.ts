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
import { namesOnNode, sourceOf } from "./data-choice";
import type { FindingSource } from "./finding-source";
import type { NodeLook } from "./use-node-checks";

const REST_MS = 600;
/** A node reads a hub's data set once: it may have to download it, and versions do not change. A folder's files do. */
const KEPT_SECONDS = { hub: 3600, path: 10 } as const;
/** Somebody may be mending a folder. */
const TROUBLE_EVERY_MS = 10_000;
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
  /** null: the stages name no folder that is there, and nothing else that somebody has looked at. */
  source: FindingSource | null;
}

/**
 * What the rows on the node mean for the run, asked again when a field changes that they are judged by. Folders are read once
 * the node has said that they are there; a hub's data set, which may have to be downloaded, when somebody has looked at it.
 */
export function useDataLook(node: NodeView | null, parameters: RunParameters, look: NodeLook): DataLook {
  const [looked, setLooked] = useState<readonly string[]>([]);
  const key = JSON.stringify([
    node?.id,
    STAGE_KINDS.map((kind) => FIELDS.map((name) => parameters.stages[kind].fields[name])),
  ]);
  const rested = useDebounced(key, REST_MS);
  const names = namesOnNode(parameters).filter(
    (name) => (sourceOf(name) === "path" && hasFolders(look)) || looked.includes(`${node?.id} ${name}`),
  );
  const isFolder = names.some((name) => sourceOf(name) === "path");
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery<DataPreview[], ApiError>({
    queryKey: ["data-look", rested, names],
    queryFn: () => Promise.all(names.map((name) => judge(node?.id ?? "", name, parameters))),
    enabled: names.length > 0 && rested === key && (!isFolder || look.isCurrent),
    retry: false,
    staleTime: KEPT_SECONDS[isFolder ? "path" : "hub"] * 1000,
    refetchInterval: ({ state }) => (isFolder && hasError(state.data) ? TROUBLE_EVERY_MS : false),
    placeholderData: (previous) => previous,
  });
  const isCurrent = rested === key && (data !== undefined || !isFetching) && !isPlaceholderData;
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

/** By its newest answer, every folder that a stage names is there. */
function hasFolders({ data }: NodeLook): boolean {
  return data?.failure === null && !data.findings.some(({ id }) => id === "data-on-node");
}

function hasError(previews: readonly DataPreview[] = []): boolean {
  return previews.some(({ findings }) => findings.some(({ severity }) => severity === "error"));
}

function keptSeconds(name: string): number {
  return KEPT_SECONDS[sourceOf(name) === "path" ? "path" : "hub"];
}

function judge(nodeId: string, name: string, parameters: RunParameters): Promise<DataPreview> {
  return request(`/nodes/${nodeId}/data-preview`, {
    method: "POST",
    body: { name, parameters, maxAgeSeconds: keptSeconds(name), isBrief: true },
  });
}
