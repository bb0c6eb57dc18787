import { textDownload } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";

export const GET = handle("exportEvaluation", async ({ ctx, app, params, query }) => {
  const { body, fileName, contentType } = await app.evaluations.exportEvaluation({
    ctx,
    input: { ...params, ...query },
  });
  return textDownload(body, { fileName, contentType });
});
