"use client";

import { CircleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type ErrorFix, toApiError } from "@/components/hooks/api-error";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { FIX_LABEL } from "./fix-table";

export interface ErrorNoticeProps {
  error: Error;
  /** Does again what failed: for every code whose fix is to try again or to reload. */
  onRetry?: () => void;
  /** What this page does for a fix that only it can do: `{ "edit-credential": openForm }`. */
  fixes?: Partial<Record<ErrorFix, () => void>>;
  /** What could not be done: "Could not load the nodes." */
  title?: string;
  children?: ReactNode;
}

/** Doing the same again would fail the same way. */
const OWN_FIXES: readonly ErrorFix[] = [
  "confirm-host-key",
  "compare-host-keys",
  "edit-credential",
  "correct-field",
];

/** What happened, what to do about it, and the button that does it. */
export function ErrorNotice({ error, onRetry, fixes = {}, title, children }: ErrorNoticeProps) {
  const problem = toApiError(error);
  const { fix } = problem;
  const act = fixes[fix] ?? (fix === "sign-in" ? goToSignIn : OWN_FIXES.includes(fix) ? undefined : onRetry);
  const label = FIX_LABEL[fix] ?? (onRetry ? "Try again" : null);
  return (
    <div role="alert" className="panel flex animate-appear gap-3 border-l-[3px] border-l-bad px-3.5 py-2.5">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        <p>{problem.message}</p>
        {problem.hint !== null && <p className="text-muted">{problem.hint}</p>}
        {problem.details.output !== undefined && <RemoteOutput text={problem.details.output} />}
        {children}
        {fix === "report" && problem.requestId && (
          <p className="mt-1 flex items-center gap-1 text-muted">
            request <code className="num">{problem.requestId}</code>
            <CopyButton text={problem.requestId} label="Copy the request id" />
          </p>
        )}
      </div>
      {act && label !== null && (
        <Button size="sm" onClick={act}>
          {label}
        </Button>
      )}
    </div>
  );
}

function RemoteOutput({ text }: { text: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="mt-1">
      <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Hide the output" : "Show the output"}
      </Button>
      {isOpen && (
        <ScrollRegion label="Output" className="mt-2 max-h-60 rounded-md bg-fill">
          <pre className="num whitespace-pre-wrap p-2">{text}</pre>
        </ScrollRegion>
      )}
    </div>
  );
}

function goToSignIn(): void {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
