"use client";

import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { formatCount } from "@/components/format/format-number";
import { apiUrl, queryString } from "@/components/hooks/api";
import { useDebounced } from "@/components/hooks/use-debounced";
import { usePages } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AuditView } from "@/server/contracts/audit";
import { AuditFilters } from "./audit-filters";
import { AuditList } from "./audit-list";
import { VerifyTrail } from "./verify-trail";

const FORMATS = [
  { format: "csv", label: "Export CSV" },
  { format: "jsonl", label: "Export JSON Lines" },
] as const;

/** Who did what, newest first; for admins. Filters live in the address. */
export function AuditPage() {
  const [actor, setActor] = useUrlState("actor", "");
  const [action, setAction] = useUrlState("action", "");
  const [object, setObject] = useUrlState("object", "");
  const [day, setDay] = useUrlState("day", "");
  const [isVerifying, setVerifying] = useState(false);
  const rested = { actor: useDebounced(actor.trim(), 250), object: useDebounced(object.trim(), 250) };
  const narrowed = queryString({ ...rested, action, ...rangeOf(day) });
  const trail = usePages<AuditView>(`/audit${narrowed}`);
  function change(changes: Partial<Record<"actor" | "action" | "object" | "day", string>>) {
    if (changes.actor !== undefined) setActor(changes.actor);
    if (changes.action !== undefined) setAction(changes.action);
    if (changes.object !== undefined) setObject(changes.object);
    if (changes.day !== undefined) setDay(changes.day);
  }
  return (
    <>
      <PageHeader
        title="Audit"
        facts={
          trail.items && (
            <span>
              <span className="num">{formatCount(trail.items.length)}</span>{" "}
              {trail.hasNextPage ? "shown, more below" : trail.items.length === 1 ? "entry" : "entries"}
            </span>
          )
        }
        actions={
          <>
            <Button onClick={() => setVerifying(true)}>Verify</Button>
            {FORMATS.map(({ format, label }) => (
              <Button key={format} asChild>
                <a
                  href={apiUrl(`/audit/export${queryString({ ...rested, action, ...rangeOf(day), format })}`)}
                  download
                >
                  {label}
                </a>
              </Button>
            ))}
          </>
        }
      />
      {isVerifying && <VerifyTrail onClose={() => setVerifying(false)} />}
      <AuditFilters filter={{ actor, action, object, day }} onChange={change} />
      <ResourceView
        resource={{ ...trail, data: trail.items }}
        skeleton={<SkeletonRows count={12} />}
        title="Could not load the audit trail."
      >
        {(items) =>
          items.length === 0 ? (
            <NoEntries
              isFiltered={narrowed !== ""}
              onShowAll={() => change({ actor: "", action: "", object: "", day: "" })}
            />
          ) : (
            <AuditList entries={items} />
          )
        }
      </ResourceView>
      {trail.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button isBusy={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
            Show older entries
          </Button>
        </div>
      )}
    </>
  );
}

/** A day of the reader's own clock. */
function rangeOf(day: string): { from: string | null; to: string | null } {
  const from = new Date(`${day}T00:00`);
  if (Number.isNaN(from.getTime())) return { from: null, to: null };
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { from: from.toISOString(), to: to.toISOString() };
}

function NoEntries({ isFiltered, onShowAll }: { isFiltered: boolean; onShowAll: () => void }) {
  if (!isFiltered)
    return (
      <EmptyState title="Nothing has been done yet">Every change that somebody makes stands here.</EmptyState>
    );
  return (
    <EmptyState title="No entry matches" actions={<Button onClick={onShowAll}>Show all entries</Button>}>
      Choose other filters, or look at all entries.
    </EmptyState>
  );
}
