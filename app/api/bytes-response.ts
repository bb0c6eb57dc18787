/** Bytes from a node are never shown by the browser itself: they are data or a download, whatever they look like. */
const BASE = { "content-type": "application/octet-stream", "x-content-type-options": "nosniff" };

interface BytesOptions {
  /** Given: the browser saves it under this name. */
  fileName?: string;
  headers: Record<string, string>;
}

export function bytesResponse(bytes: Buffer, options: BytesOptions): Response {
  return new Response(new Uint8Array(bytes), { headers: headersOf(options) });
}

/** One page in memory at a time, at the client's pace. */
export function streamResponse(
  pages: AsyncIterable<Buffer>,
  options: BytesOptions & { signal: AbortSignal },
): Response {
  const iterator = pages[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = options.signal.aborted ? { done: true as const } : await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers: headersOf(options) });
}

export function textDownload(text: string, options: { fileName: string; contentType: string }): Response {
  return new Response(text, {
    headers: { ...BASE, "content-type": options.contentType, ...disposition(options.fileName) },
  });
}

function headersOf(options: BytesOptions): Record<string, string> {
  return {
    ...BASE,
    ...options.headers,
    ...(options.fileName === undefined ? {} : disposition(options.fileName)),
  };
}

/** RFC 6266: a plain name for old clients, the true one encoded. */
function disposition(fileName: string): Record<string, string> {
  const plain = fileName.replace(/[^A-Za-z0-9._-]/g, "_");
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return { "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` };
}
