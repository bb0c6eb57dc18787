"use client";

import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { formatCount } from "@/components/format/format-number";
import { queryString } from "@/components/hooks/api";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { DataPart } from "@/server/contracts/data-facts";
import type { DataRows, DataSetVersionView } from "@/server/contracts/data-sets";

const PAGE = 20;
const PARTS: { value: DataPart; label: string }[] = [
  { value: "train", label: "Training" },
  { value: "eval", label: "Evaluation" },
];

export interface RowsCardProps {
  dataSetId: string;
  version: DataSetVersionView;
}

/** Rows exactly as the training reads them, page by page. */
export function RowsCard({ dataSetId, version }: RowsCardProps) {
  const [part, setPart] = useState<DataPart>("train");
  const [offset, setOffset] = useState(0);
  const query = queryString({ version: version.number, part, offset, limit: PAGE });
  const rows = useResource<DataRows>(`/datasets/${dataSetId}/rows${query}`, { keepPrevious: true });
  return (
    <Card
      title="Rows"
      note="as the training reads them"
      aside={
        <Segmented
          label="Part"
          value={part}
          options={PARTS}
          onValueChange={(next) => {
            setPart(next);
            setOffset(0);
          }}
        />
      }
    >
      <ResourceView resource={rows} skeleton={<SkeletonRows count={8} />} title="Could not load the rows.">
        {(data) => (
          <>
            <RowsTable data={data} hasPairs={version.hasPairs} />
            <div className="mt-3 flex items-center justify-end gap-3">
              <span className="num text-muted">
                {formatCount(data.offset + 1)} to {formatCount(data.offset + data.rows.length)} of{" "}
                {formatCount(data.total)}
              </span>
              <Button size="sm" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>
                Previous
              </Button>
              <Button
                size="sm"
                disabled={offset + PAGE >= data.total}
                onClick={() => setOffset(offset + PAGE)}
              >
                Next
              </Button>
            </div>
          </>
        )}
      </ResourceView>
    </Card>
  );
}

function RowsTable({ data, hasPairs }: { data: DataRows; hasPairs: boolean }) {
  return (
    <Table className="table-fixed min-w-[640px]">
      <thead>
        <tr>
          <TableHeader isNumeric className="w-16">
            Row
          </TableHeader>
          <TableHeader>Prompt</TableHeader>
          <TableHeader>Chosen</TableHeader>
          {hasPairs && <TableHeader>Rejected</TableHeader>}
        </tr>
      </thead>
      <tbody>
        {data.rows.map(({ prompt, chosen, rejected }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          <TableRow key={data.offset + index}>
            <TableCell isNumeric className="align-top text-muted">
              {formatCount(data.offset + index + 1)}
            </TableCell>
            <Text text={prompt} />
            <Text text={chosen} />
            {hasPairs && <Text text={rejected ?? ""} />}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function Text({ text }: { text: string }) {
  return (
    <TableCell className="py-1 align-top">
      {text === "" ? (
        <span className="text-muted italic">empty</span>
      ) : (
        <span className="line-clamp-4 whitespace-pre-wrap break-words" title={text}>
          {text}
        </span>
      )}
    </TableCell>
  );
}
