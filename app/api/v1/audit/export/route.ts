import { streamResponse } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";

export const GET = handle("exportAudit", async ({ ctx, app, request, query }) => {
  const { bytes, fileName, contentType } = app.audit.exportAudit({ ctx, input: query });
  const headers = { "content-type": contentType };
  return streamResponse(bytes, { fileName, headers, signal: request.signal });
});
