import { streamResponse } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";

export const GET = handle("exportDataSet", async ({ ctx, app, params, query, request }) => {
  const { bytes, fileName } = await app.datasets.exportDataSet({ ctx, input: { ...params, ...query } });
  return streamResponse(bytes, { fileName, headers: {}, signal: request.signal });
});
