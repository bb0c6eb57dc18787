"use client";

import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApiError } from "./api-error";
import { isRemoved } from "./is-removed";

export interface ActionOptions<Input, Output> {
  run: (input: Input) => Promise<Output>;
  /** Paths below /api/v1 that are read again afterwards; everything that begins with one of them. */
  touches?: readonly string[];
  /** The path of what the action deletes: it is not read again. */
  removes?: string;
  onDone?: (output: Output, input: Input) => void;
  /** Left out: the caller shows `action.error` itself. */
  onError?: (error: ApiError) => void;
}

/** Something that changes the server: `action.mutate(input)`, `action.isPending`, `action.error`. */
export function useAction<Input, Output>({
  run,
  touches = [],
  removes,
  onDone,
  onError,
}: ActionOptions<Input, Output>): UseMutationResult<Output, ApiError, Input> {
  const client = useQueryClient();
  return useMutation<Output, ApiError, Input>({
    mutationFn: run,
    ...(removes === undefined ? {} : { meta: { removes } }),
    onSuccess: (output, input) => {
      void client.invalidateQueries({
        predicate: ({ queryKey: [path] }) =>
          typeof path === "string" &&
          touches.some((prefix) => path.startsWith(prefix)) &&
          !isRemoved(client, path),
      });
      onDone?.(output, input);
    },
    ...(onError ? { onError } : {}),
  });
}
