"use client";

import { CircleCheck, CircleDashed, CircleX, LoaderCircle } from "lucide-react";
import { useDebounced } from "@/components/hooks/use-debounced";
import { Button } from "@/components/ui/button";
import type { FindingSource } from "./finding-source";

/** A wait that is over sooner is not worth a sign. */
const QUICK_MS = 400;

/** What was checked, by whom, and what could not be. */
export function FindingSources({ sources }: { sources: readonly FindingSource[] }) {
  return (
    <ul aria-label="What is checked" className="border-line-faint border-t pt-1.5 text-muted text-xs">
      {sources.map((source) => (
        <SourceLine key={source.id} source={source} />
      ))}
    </ul>
  );
}

function SourceLine({ source }: { source: FindingSource }) {
  const { label, covers, state, reason, evidence = [], onRetry } = source;
  const isSlow = useDebounced(state === "looking", QUICK_MS) && state === "looking";
  const words = isSlow ? "looking at " : state === "waiting" ? "not yet looked at: " : "";
  return (
    <li className="flex items-start gap-1.5 py-0.5">
      <StateIcon state={state === "looking" && !isSlow ? "done" : state} />
      <div className="min-w-0 flex-1">
        <span className="text-fg">{label}</span>{" "}
        {state === "failed" ? (
          <>
            <span className="text-warn">could not be checked.</span> {reason}
          </>
        ) : (
          <>
            {words}
            {covers}
          </>
        )}
        {evidence.length > 0 && <Evidence label={label} lines={evidence} />}
      </div>
      {state === "failed" && onRetry && (
        <Button size="sm" className="-my-0.5" onClick={onRetry}>
          Try again
        </Button>
      )}
    </li>
  );
}

/** What is in order, for who wants to see it. */
function Evidence({ label, lines }: { label: string; lines: readonly string[] }) {
  return (
    <details>
      <summary className="cursor-pointer rounded">What was found on {label}</summary>
      <ul className="list-disc pl-4">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}

function StateIcon({ state }: Pick<FindingSource, "state">) {
  const look = "mt-0.5 size-3 shrink-0";
  if (state === "failed") return <CircleX aria-hidden className={`${look} text-warn`} />;
  if (state === "waiting") return <CircleDashed aria-hidden className={look} />;
  if (state === "looking") return <LoaderCircle aria-hidden className={`${look} animate-turn`} />;
  return <CircleCheck aria-hidden className={`${look} text-ok`} />;
}
