"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "@/components/hooks/api";
import { type ApiError, toApiError } from "@/components/hooks/api-error";
import { useDebounced } from "@/components/hooks/use-debounced";
import { isFolderName, namesOnNode, readableNames, rowsKeptSeconds } from "@/server/contracts/data-looks";
import type { DataPreview } from "@/server/contracts/data-previews";
import type { NodeView } from "@/server/contracts/nodes";
import type { RunParameters } from "@/server/contracts/runs";
import { STAGE_KINDS } from "@/server/contracts/statuses";
import type { FindingSource } from "./finding-source";
import type { NodeLook } from "./use-node-checks";

const REST_MS = 600;
/** Somebody may be mending them. */
const TROUBLE_EVERY_MS = { folder: 10_000, hub: 60_000 } as const;
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
  /** null: the stages name no data that the node can read, and nothing else that somebody has looked at. */
  source: FindingSource | null;
}

/** What was found of each data set that could be read, and why another could not. */
interface Answer {
  previews: DataPreview[];
  failure: ApiError | null;
}

/**
 * What the rows on the node or at a hub mean for the run, asked again when a field changes that they are judged by. They are
 * read without being asked for, once the node has said that it can read them: of a hub's data set no more than its first rows
 * comes.
 */
export function useDataLook(node: NodeView | null, parameters: RunParameters, look: NodeLook): DataLook {
  "use memo";
  const [looked, setLooked] = useState<readonly string[]>([]);
  const key = JSON.stringify([
    node?.id,
    STAGE_KINDS.map((kind) => FIELDS.map((name) => parameters.stages[kind].fields[name])),
  ]);
  const rested = useDebounced(key, REST_MS);
  const readable = look.data?.failure === null ? readableNames(parameters, look.data.findings) : [];
  const names = namesOnNode(parameters).filter(
    (name) => readable.includes(name) || looked.includes(`${node?.id} ${name}`),
  );
  const { data, isFetching, isPlaceholderData, refetch } = useQuery<Answer>({
    queryKey: ["data-look", rested, names],
    queryFn: ({ client, queryKey }) =>
      judgeAll(names, { nodeId: node?.id ?? "", parameters, before: client.getQueryData<Answer>(queryKey) }),
    enabled: names.length > 0 && rested === key && look.isCurrent,
    retry: false,
    staleTime: Math.min(...names.map((name) => rowsKeptSeconds(name, { hadErrors: false }))) * 1000,
    refetchInterval: ({ state }) => troubleEveryMs(state.data),
    placeholderData: (previous) => previous,
  });
  const isCurrent = rested === key && (data !== undefined || !isFetching) && !isPlaceholderData;
  const failure = data?.failure ?? null;
  const source: FindingSource = {
    id: "data",
    label: "Rows",
    covers: `the first rows of ${names.join(", ")}: columns, answers and lengths`,
    state: isCurrent ? (failure ? "failed" : "done") : "looking",
    reason: failure?.message ?? null,
    findings: data?.previews.flatMap(({ findings }) => findings) ?? [],
    onRetry: () => void refetch(),
  };
  return {
    onLooked: (name) => setLooked((now) => [...new Set([...now, `${node?.id} ${name}`])]),
    source: names.length === 0 ? null : source,
  };
}

interface Asked {
  nodeId: string;
  parameters: RunParameters;
  before: Answer | undefined;
}

/** One after the other: the node reads one at a time. */
async function judgeAll(names: readonly string[], asked: Asked): Promise<Answer> {
  const answer: Answer = { previews: [], failure: null };
  for (const name of names) {
    try {
      answer.previews.push(await judge(name, asked));
    } catch (error) {
      answer.failure ??= toApiError(error);
    }
  }
  return answer;
}

function judge(name: string, { nodeId, parameters, before }: Asked): Promise<DataPreview> {
  const hadErrors = before?.previews.some((preview) => preview.name === name && hasError(preview)) ?? false;
  return request(`/nodes/${nodeId}/data-preview`, {
    method: "POST",
    body: { name, parameters, maxAgeSeconds: rowsKeptSeconds(name, { hadErrors }), isBrief: true },
  });
}

function troubleEveryMs(answer: Answer | undefined): number | false {
  const names = answer?.previews.filter(hasError).map(({ name }) => name) ?? [];
  if (names.length === 0) return false;
  return TROUBLE_EVERY_MS[names.some(isFolderName) ? "folder" : "hub"];
}

function hasError({ findings }: DataPreview): boolean {
  return findings.some(({ severity }) => severity === "error");
}
