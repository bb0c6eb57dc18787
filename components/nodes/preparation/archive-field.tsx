"use client";

import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { PreparationView } from "@/server/contracts/preparation";

export interface ArchiveFieldProps {
  nodeId: string;
  archive: PreparationView["archive"];
  error: string | null;
}

export function ArchiveField({ nodeId, archive, error }: ArchiveFieldProps) {
  const upload = useAction({
    run: async (file: File) =>
      request<PreparationView>(`/nodes/${nodeId}/prepare/archive`, {
        method: "POST",
        body: { name: file.name, base64: await base64Of(file) },
      }),
    touches: [`/nodes/${nodeId}`],
  });
  const stored =
    archive === null ? "none yet" : `${archive.name}, ${(archive.sizeBytes / 1048576).toFixed(1)} MiB`;
  return (
    <>
      <Field
        label="Archive"
        help="DeepSpeedExamples as .tar.gz or .zip, 64 MiB at most: for a node without internet."
        aside={upload.isPending ? "uploading…" : stored}
        error={error}
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".tar.gz,.tgz,.zip"
            disabled={upload.isPending}
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) upload.mutate(file);
            }}
          />
        )}
      </Field>
      {upload.error && <ErrorNotice error={upload.error} title="Could not upload the archive." />}
    </>
  );
}

/** In pieces of whole triples: the whole as one argument list would overflow the stack. */
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts: string[] = [];
  const step = 3 * 8192;
  for (let at = 0; at < bytes.length; at += step)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + step))));
  return parts.join("");
}
