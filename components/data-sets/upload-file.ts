import { apiUrl } from "@/components/hooks/api";
import { ApiError, parseErrorBody } from "@/components/hooks/api-error";
import type { DataSetView } from "@/server/contracts/data-sets";

export interface UploadOptions {
  file: File;
  /** With its question mark. */
  query: string;
  /** Bytes that are with the server, of all. */
  onProgress: (sent: number, total: number) => void;
  signal: AbortSignal;
}

/** fetch tells no progress of what it sends, so this is an XMLHttpRequest. Throws ApiError; an aborted one says so. */
export function uploadFile({ file, query, onProgress, signal }: UploadOptions): Promise<DataSetView> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", apiUrl(`/datasets${query}`));
    call.setRequestHeader("content-type", "application/octet-stream");
    call.responseType = "json";
    call.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    call.onload = () => {
      // Safe because the server that sent this page types its answers by the same contract.
      if (call.status === 201) resolve(call.response as DataSetView);
      else reject(parseErrorBody(call.status, call.response));
    };
    call.onerror = () =>
      reject(new ApiError(null, "The upload broke off. Check the connection and try again."));
    call.onabort = () => reject(new ApiError(null, "The upload was cancelled."));
    signal.addEventListener("abort", () => call.abort(), { once: true });
    call.send(file);
  });
}
