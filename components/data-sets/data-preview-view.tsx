"use client";

import { type ReactNode, useState } from "react";
import { formatCount } from "@/components/format/format-number";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import type { DataPart } from "@/server/contracts/data-facts";
import type { PreviewPart } from "@/server/contracts/data-previews";
import { DataProblems, type DataProblemsProps } from "./data-problems";
import { FindingsCard } from "./findings-card";
import { LengthsCard } from "./lengths-card";
import { RowsTable } from "./rows-table";

const PART_LABEL: Record<DataPart, string> = { train: "Training", eval: "Evaluation" };
const SOURCE = {
  hub: "streamed from the hub and read by DeepSpeed-Chat's own class on the node",
  saved: "a folder that save_to_disk wrote, read by DeepSpeed-Chat's own class on the node",
  folder: "train.json and eval.json of a folder on the node",
  file: "a file on the node",
  practice: "made by the practice node",
} as const;

export interface DataPreviewViewProps extends DataProblemsProps {
  nodeName: string;
  onReadAgain: () => void;
}

/** A sample of a data set of a hub or on a node, in the same view as an uploaded one. */
export function DataPreviewView({ preview, nodeName, onReadAgain, onFix }: DataPreviewViewProps) {
  const [picked, setPicked] = useState<DataPart>("train");
  const shown = preview.parts.filter(({ rows }) => rows.length > 0);
  const part = shown.find((one) => one.part === picked) ?? shown[0];
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 basis-60 break-words text-muted">
          <span className="num text-fg">{preview.name}</span>
          {preview.source !== null && `, ${SOURCE[preview.source]}`}. A sample: at most the first{" "}
          <span className="num">{preview.rowLimit}</span> rows of each part, read on {nodeName} at{" "}
          <span className="num">{preview.readAt.slice(11, 16)}</span> UTC.
        </p>
        <Button size="sm" onClick={onReadAgain}>
          Read again
        </Button>
      </div>
      <DataProblems preview={preview} {...(onFix && { onFix })} />
      {part && (
        <PartView
          part={part}
          aside={
            shown.length > 1 && (
              <Segmented
                label="Part"
                value={part.part}
                options={shown.map((one) => ({ value: one.part, label: PART_LABEL[one.part] }))}
                onValueChange={setPicked}
              />
            )
          }
        />
      )}
    </div>
  );
}

function PartView({ part, aside }: { part: PreviewPart; aside: ReactNode }) {
  const { report, rows, columns, hasPairs } = part;
  return (
    <div className="flex min-w-0 flex-col">
      {aside && <div className="mb-4">{aside}</div>}
      {report && (
        <>
          <LengthsCard tokens={report.tokens} />
          <FindingsCard findings={report.findings} />
        </>
      )}
      <Card title="Rows" note={totalOf(part)} className="mt-4">
        <p className="mb-1 text-muted">
          Columns of the source: <span className="num break-words">{columns.join(", ")}</span>
        </p>
        <RowsTable
          rows={rows.map((row) => ({ ...row, place: row.place.replace(/^(?:row|line) /, "") }))}
          hasPairs={hasPairs}
        />
      </Card>
    </div>
  );
}

function totalOf({ total, isTotalExact, isShare, isWhole, rows }: PreviewPart): string {
  const share = isShare ? "; training and evaluation share the rows of the source" : "";
  if (isWhole) return `all ${formatCount(rows.length)}${share}`;
  if (total === null) return `the first ${rows.length}, how many there are is not known${share}`;
  return `the first ${rows.length} of ${isTotalExact ? "" : "about "}${formatCount(total)}${share}`;
}
