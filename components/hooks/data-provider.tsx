"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "./api-error";
import { isRemoved } from "./is-removed";
import { isTouched } from "./is-touched";
import { live } from "./live-client";
import { readAgain } from "./read-again";

/** The cache of what was read, and the socket that says when to read it again. */
export function DataProvider({ children }: { children: ReactNode }) {
  const [client] = useState(createClient);
  // The socket is the external system.
  useEffect(() => {
    void live.start();
    const offChanged = live.onChanged((batch) => {
      void readAgain(
        client,
        ({ queryKey: [path] }) =>
          typeof path === "string" && isTouched(path, batch) && !isRemoved(client, path),
      );
    });
    const offRecover = live.onRecover(() => void client.invalidateQueries());
    return () => {
      offChanged();
      offRecover();
    };
  }, [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function createClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        // The server may be this machine: without internet it is asked all the same.
        networkMode: "always",
        staleTime: 5000,
        refetchOnWindowFocus: false,
        retry: (count, error) => error instanceof ApiError && error.isRetryable && count < 2,
      },
    },
  });
}

function leaveWhenSignedOut(error: Error): void {
  if (!(error instanceof ApiError) || error.code !== "UNAUTHENTICATED") return;
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`/sign-in?next=${next}`);
}
