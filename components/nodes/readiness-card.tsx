"use client";

import { RefreshCw } from "lucide-react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { formatAge } from "@/components/format/format-time";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useNow } from "@/components/hooks/use-now";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import type { NodeView } from "@/server/contracts/nodes";
import type { ReadinessReport } from "@/server/contracts/readiness";
import { describeProblems, readinessSections } from "./prepare-readiness";
import { ReadinessLineView } from "./readiness-line";

export interface ReadinessCardProps {
  node: NodeView;
  onEdit: () => void;
}

/** What training needs of this node, from the last check, problems first. */
export function ReadinessCard({ node, onEdit }: ReadinessCardProps) {
  const path = `/nodes/${node.id}/readiness`;
  const report = useResource<ReadinessReport>(path);
  const check = useAction({
    run: () => request<ReadinessReport>(path, { method: "POST" }),
    touches: ["/nodes"],
  });
  return (
    <Card
      title="Readiness"
      note={<CheckedNote node={node} isChecking={check.isPending} />}
      aside={
        <Button
          variant="ghost"
          size="sm"
          className="-my-1.5"
          isBusy={check.isPending}
          onClick={() => check.mutate()}
        >
          <RefreshCw /> Check again
        </Button>
      }
    >
      {check.error && <ErrorNotice error={check.error} onRetry={() => check.mutate()} />}
      {report.error && (
        <ErrorNotice error={report.error} title="Could not load the list." onRetry={() => report.refetch()} />
      )}
      {report.isPending && (
        <div role="status" aria-label="Loading the readiness list">
          <Skeleton className="h-[850px]" />
        </div>
      )}
      {report.data && <Sections report={report.data} onEdit={onEdit} />}
    </Card>
  );
}

function CheckedNote({ node, isChecking }: { node: NodeView; isChecking: boolean }) {
  const now = useNow(10_000);
  if (isChecking) return "checking, up to two minutes";
  if (node.readiness === null || now === 0) return null;
  const problems = describeProblems(node.readiness) ?? "nothing is missing";
  return `${problems} · checked ${formatAge(node.readiness.checkedAt, now)}`;
}

function Sections({ report, onEdit }: { report: ReadinessReport; onEdit: () => void }) {
  if (report.checkedAt === null) {
    return (
      <p className="py-2 text-muted">Not checked yet: it is done by itself after the first connection.</p>
    );
  }
  return readinessSections(report.lines).map(({ group, title, lines }) => (
    <section
      key={group}
      aria-label={title}
      className="border-line-faint border-t py-1.5 first-of-type:border-t-0"
    >
      <h3 className="text-muted">{title}</h3>
      <ul>
        {lines.map((line) => (
          <ReadinessLineView key={line.id} line={line} onEdit={onEdit} />
        ))}
      </ul>
    </section>
  ));
}
