"use client";

import Link from "next/link";
import { formatCount } from "@/components/format/format-number";
import { formatBytes } from "@/components/format/format-size";
import { formatAge } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { DataSetSummary } from "@/server/contracts/data-sets";

export function DataSetsTable({ sets }: { sets: readonly DataSetSummary[] }) {
  const now = useNow(60_000);
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Data set</TableHeader>
          <TableHeader>Answers</TableHeader>
          <TableHeader isNumeric>Training rows</TableHeader>
          <TableHeader isNumeric className="hidden sm:table-cell">
            Evaluation rows
          </TableHeader>
          <TableHeader className="hidden lg:table-cell">File</TableHeader>
          <TableHeader isNumeric className="hidden md:table-cell">
            Versions
          </TableHeader>
          <TableHeader isNumeric className="hidden md:table-cell">
            Newest
          </TableHeader>
        </tr>
      </thead>
      <tbody>
        {sets.map(({ id, name, versionCount, newest }) => (
          <TableRow key={id}>
            <TableCell className="max-w-60 truncate">
              <Link
                href={`/datasets/${id}`}
                className="num rounded font-medium underline-offset-2 hover:underline"
              >
                {name}
              </Link>
            </TableCell>
            <TableCell className="text-muted">{newest.hasPairs ? "chosen, rejected" : "single"}</TableCell>
            <TableCell isNumeric>{formatCount(newest.trainCount)}</TableCell>
            <TableCell isNumeric className="hidden sm:table-cell">
              {formatCount(newest.evalCount)}
            </TableCell>
            <TableCell className="hidden max-w-72 truncate lg:table-cell">
              {newest.fileName} <span className="text-muted">{formatBytes(newest.fileBytes)}</span>
            </TableCell>
            <TableCell isNumeric className="hidden md:table-cell">
              {formatCount(versionCount)}
            </TableCell>
            <TableCell isNumeric className="hidden md:table-cell">
              {now > 0 && <span title={newest.createdAt}>{formatAge(newest.createdAt, now)}</span>}
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
