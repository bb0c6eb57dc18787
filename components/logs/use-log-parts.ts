"use client";

import { useMemo } from "react";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import type { NodeFileView } from "@/server/contracts/attempts";
import { type LogPart, logParts } from "./log-parts";

export interface LogParts {
  parts: readonly LogPart[];
  /** null: the newest, whichever that will be. */
  shown: LogPart | null;
  /** The address names a part, and whether there is such a one is not known yet. */
  isUnknown: boolean;
  show: (part: LogPart) => void;
  readAgain: () => void;
}

/** The parts of an attempt's log, and the one that the address names. */
export function useLogParts(attemptId: string): LogParts {
  const [chosen, setChosen] = useUrlState("part", "");
  const files = useResource<{ items: NodeFileView[] }>(`/attempts/${attemptId}/log/files`);
  const parts = useMemo(() => logParts(files.data?.items ?? []), [files.data]);
  const shown = parts.find(({ id, endedAt }) => id === chosen && endedAt !== null) ?? null;
  return {
    parts,
    shown,
    isUnknown: chosen !== "" && files.isPending,
    show: ({ id, endedAt }) => setChosen(endedAt === null ? "" : id),
    readAgain: () => void files.refetch(),
  };
}
