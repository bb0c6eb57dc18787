"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ApiError } from "@/components/hooks/api-error";
import { ErrorNotice } from "./error-notice";

export interface ResourceViewProps<T> {
  resource: Pick<UseQueryResult<T, ApiError>, "data" | "error"> & { refetch: () => unknown };
  /** Has the size of what comes. */
  skeleton: ReactNode;
  /** What could not be done, when there is nothing to show: "Could not load the nodes." */
  title: string;
  children: (data: T) => ReactNode;
}

/** Skeleton, then data; an error takes its place only when there is no data yet, and stands above it later. */
export function ResourceView<T>({ resource, skeleton, title, children }: ResourceViewProps<T>) {
  const { data, error, refetch } = resource;
  const notice = error && <ErrorNotice error={error} title={title} onRetry={() => void refetch()} />;
  if (data === undefined) return notice ?? skeleton;
  return (
    <>
      {notice && <div className="mb-4">{notice}</div>}
      {children(data)}
    </>
  );
}
