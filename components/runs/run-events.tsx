"use client";

import { ResourceView } from "@/components/errors/resource-view";
import { formatDuration } from "@/components/format/format-time";
import { useResource } from "@/components/hooks/use-resource";
import { StatusBadge } from "@/components/status/status-badge";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { AttemptEventView } from "@/server/contracts/attempts";

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** Every change of an attempt, oldest first: what, why, who, and how long after the one before. */
export function RunEvents({ attemptId }: { attemptId: string }) {
  const events = useResource<{ items: AttemptEventView[] }>(`/attempts/${attemptId}/events`);
  return (
    <ResourceView resource={events} skeleton={<SkeletonRows count={5} />} title="Could not load the events.">
      {({ items }) => (
        <Table>
          <thead>
            <tr>
              <TableHeader>Time</TableHeader>
              <TableHeader isNumeric>After</TableHeader>
              <TableHeader>Status</TableHeader>
              <TableHeader>Why</TableHeader>
              <TableHeader>Who</TableHeader>
            </tr>
          </thead>
          <tbody>
            {items.map((event, index) => (
              <TableRow key={event.id}>
                <TableCell className="num whitespace-nowrap">{moment.format(new Date(event.at))}</TableCell>
                <TableCell isNumeric>{after(items[index - 1], event)}</TableCell>
                <TableCell>
                  <StatusBadge status={event.status} />
                </TableCell>
                <TableCell className="min-w-60">{event.reason}</TableCell>
                <TableCell className="whitespace-nowrap text-muted">{event.actor}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </ResourceView>
  );
}

function after(before: AttemptEventView | undefined, event: AttemptEventView): string {
  return before ? `+${formatDuration((Date.parse(event.at) - Date.parse(before.at)) / 1000)}` : "";
}
