"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { queryString } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { MAX_DATA_FILE_BYTES } from "@/server/contracts/data-facts";
import { suggestName } from "./suggest-name";
import { uploadFile } from "./upload-file";

export const NO_FIELDS = {
  name: "",
  evalPercent: "10",
  seed: "1234",
  promptFormat: "wrap",
  promptColumn: "",
  chosenColumn: "",
  rejectedColumn: "",
};
export type UploadFields = typeof NO_FIELDS;

/** A chosen file, what is said about it, and its way to the server. */
export function useUpload({ name = "" }: { name?: string }) {
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const [fields, setFields] = useState<UploadFields>({ ...NO_FIELDS, name });
  const [sentShare, setSentShare] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const upload = useAction({
    run: (chosen: File) => {
      abort.current = new AbortController();
      setSentShare(0);
      return uploadFile({
        file: chosen,
        query: queryString({ fileName: chosen.name, ...fields }),
        onProgress: (sent, total) => setSentShare(total === 0 ? 1 : sent / total),
        signal: abort.current.signal,
      });
    },
    touches: ["/datasets"],
    onDone: ({ id }) => {
      setFile(null);
      router.push(`/datasets/${id}`);
    },
  });
  return {
    ...{ file, fields, sentShare, upload },
    isTooLarge: file !== null && file.size > MAX_DATA_FILE_BYTES,
    choose: (chosen: File) => {
      upload.reset();
      setFile(chosen);
      setFields((now) => ({ ...now, name: name || suggestName(chosen.name) }));
    },
    setField: (field: keyof UploadFields, value: string) => setFields((now) => ({ ...now, [field]: value })),
    cancel: () => {
      if (upload.isPending) abort.current?.abort();
      else {
        upload.reset();
        setFile(null);
      }
    },
  };
}
