"use client";

import { Button } from "@/components/ui/button";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="grid min-h-[60dvh] place-items-center px-4">
      <div role="alert" className="panel w-full max-w-md border-l-[3px] border-l-bad p-6">
        <h1 className="font-semibold text-xl tracking-tight">This page failed</h1>
        <p className="mt-1 text-muted">Training goes on. The server's log has the details.</p>
        {error.digest !== undefined && <code className="num mt-2 block text-muted">{error.digest}</code>}
        <Button variant="primary" className="mt-5" onClick={reset}>
          Try again
        </Button>
      </div>
    </main>
  );
}
