"use client";

import { ErrorNotice } from "@/components/errors/error-notice";
import { Spinner } from "@/components/ui/spinner";
import { DataPreviewView } from "./data-preview-view";
import type { DataProblemsProps } from "./data-problems";
import { type AskedData, useDataPreview } from "./use-data-preview";

export interface PreviewPanelProps extends Pick<DataProblemsProps, "onFix"> {
  asked: AskedData;
  nodeName: string;
}

/** Asks the node and shows what it read. */
export function PreviewPanel({ asked, nodeName, onFix }: PreviewPanelProps) {
  const { data, error, refetch, readAgain } = useDataPreview(asked);
  if (error) {
    return <ErrorNotice error={error} title="The rows could not be read." onRetry={() => void refetch()} />;
  }
  if (data === undefined) {
    return (
      <p role="status" className="flex items-center gap-2 py-8 text-muted">
        <Spinner /> {nodeName} is reading its first rows. A hub that is slow takes up to a minute.
      </p>
    );
  }
  return (
    <DataPreviewView preview={data} nodeName={nodeName} onReadAgain={readAgain} {...(onFix && { onFix })} />
  );
}
