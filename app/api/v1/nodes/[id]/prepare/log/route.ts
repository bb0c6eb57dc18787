import { bytesResponse } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";
import { LOG_HEADERS } from "@/server/contracts/log-headers";

export const GET = handle("readPreparationLog", async ({ ctx, app, params, query }) => {
  const slice = await app.preparations.readPreparationLog({ ctx, input: { ...params, ...query } });
  return bytesResponse(slice.bytes, {
    headers: {
      [LOG_HEADERS.generation]: "0",
      [LOG_HEADERS.offset]: String(slice.offset),
      [LOG_HEADERS.size]: String(slice.size),
      [LOG_HEADERS.isComplete]: String(slice.isComplete),
    },
  });
});
