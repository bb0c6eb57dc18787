"use client";

import Link from "next/link";
import { formatMoment } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { AuditView } from "@/server/contracts/audit";

/** Kinds of objects that have a page. */
const PAGES: Readonly<Record<string, string>> = {
  run: "/runs",
  node: "/nodes",
  evaluation: "/evaluations",
  "data set": "/datasets",
};

export function AuditList({ entries }: { entries: readonly AuditView[] }) {
  const now = useNow(60_000);
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>When</TableHeader>
          <TableHeader>Who</TableHeader>
          <TableHeader>Action</TableHeader>
          <TableHeader>Object</TableHeader>
          <TableHeader>Detail</TableHeader>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ id, at, actor, action, object, detail }) => (
          <TableRow key={id}>
            <TableCell className="num whitespace-nowrap text-muted">
              <time dateTime={at} title={at}>
                {now > 0 && formatMoment(at, now)}
              </time>
            </TableCell>
            <TableCell className="max-w-56 truncate">{actor}</TableCell>
            <TableCell className="num whitespace-nowrap">{action}</TableCell>
            <TableCell className="whitespace-nowrap">
              <ObjectName object={object} />
            </TableCell>
            <TableCell className="max-w-96 truncate text-muted">{detailText(detail)}</TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** Its kind, and the beginning of its id as a link. */
function ObjectName({ object }: { object: string }) {
  const [, kind = object, id] = /^(.+) ([0-9a-f-]{36})$/.exec(object) ?? [];
  if (id === undefined) return object;
  const page = PAGES[kind];
  const short = <span className="num">{id.slice(0, 8)}</span>;
  return (
    <span title={object}>
      {kind}{" "}
      {page === undefined ? (
        short
      ) : (
        <Link className="rounded underline underline-offset-2" href={`${page}/${id}`}>
          {short}
        </Link>
      )}
    </span>
  );
}

function detailText(detail: AuditView["detail"]): string {
  return Object.entries(detail ?? {})
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");
}
