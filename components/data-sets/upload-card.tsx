"use client";

import { ErrorNotice } from "@/components/errors/error-notice";
import { formatPercent } from "@/components/format/format-number";
import { formatBytes } from "@/components/format/format-size";
import type { ApiError } from "@/components/hooks/api-error";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ProgressBar } from "@/components/ui/progress-bar";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { DropZone } from "./drop-zone";
import { UploadFieldInputs } from "./upload-fields";
import { useUpload } from "./use-upload";

export interface UploadCardProps {
  /** Of the data set that gets a new version; left out: a new one, named here. */
  name?: string;
}

export function UploadCard({ name }: UploadCardProps) {
  const state = useUpload(name === undefined ? {} : { name });
  const { file, fields, upload, sentShare, isTooLarge } = state;
  if (file === null) return <DropZone onFile={state.choose} />;
  return (
    <Card title={file.name} note={formatBytes(file.size)}>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isTooLarge) upload.mutate(file);
        }}
      >
        <UploadFieldInputs
          fields={fields}
          hasFixedName={name !== undefined}
          error={upload.error}
          onChange={state.setField}
        />
        {isTooLarge && (
          <p role="alert" className="text-bad">
            It is larger than 256 MiB. Split it and upload the parts, or put it on the node and name its
            folder in the run.
          </p>
        )}
        {upload.error && <Refusal error={upload.error} />}
        {upload.isPending && <Progress share={sentShare} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={state.cancel}>{upload.isPending ? "Cancel the upload" : "Another file"}</Button>
          <Button type="submit" variant="primary" isBusy={upload.isPending} disabled={isTooLarge}>
            Upload
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Progress({ share }: { share: number }) {
  const isSent = share >= 1;
  return (
    <div className="flex items-center gap-3 text-muted">
      <ProgressBar value={share} label="Upload" className="flex-1" />
      <span className="num w-64 text-right" role="status">
        {isSent ? "sent; its rows are read and checked" : `${formatPercent(share * 100)} sent`}
      </span>
    </div>
  );
}

/** Every row that is wrong, with its place and the fix. */
function Refusal({ error }: { error: ApiError }) {
  const problems = error.details.fields ?? [];
  if (problems.length < 2) return <ErrorNotice error={error} title="The file was not stored." />;
  return (
    <ErrorNotice error={error} title="The file was not stored. Nothing was changed.">
      <ScrollRegion label="Problems" className="mt-2 max-h-60">
        <ul className="flex flex-col gap-1">
          {problems.slice(1).map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <span className="num">{path}</span>: {message}
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </ErrorNotice>
  );
}
