import { bytesResponse } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";

export const GET = handle("readFile", async ({ app, params, query }) => {
  const file = await app.link.request("files.read", { attemptId: params.id, ...query });
  return bytesResponse(Buffer.from(file.base64, "base64"), {
    fileName: query.path.split("/").at(-1) ?? "file",
    headers: {
      "x-trainyard-size": String(file.sizeBytes),
      "x-trainyard-truncated": String(file.isTruncated),
    },
  });
});
