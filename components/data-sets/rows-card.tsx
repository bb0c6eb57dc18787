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
import type { DataPart } from "@/server/contracts/data-facts";
import type { DataRows, DataSetVersionView } from "@/server/contracts/data-sets";
import { RowsTable } from "./rows-table";

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
            <RowsTable
              rows={data.rows.map((row, index) => ({ ...row, place: formatCount(data.offset + index + 1) }))}
              hasPairs={version.hasPairs}
            />
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
