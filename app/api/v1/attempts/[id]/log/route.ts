import { bytesResponse, streamResponse } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";
import { LOG_HEADERS } from "@/server/contracts/attempts";

export const GET = handle("readLog", async ({ ctx, app, params, query, request }) => {
  const attemptId = params.id;
  if (query.download === undefined) {
    const slice = await app.logs.readLog({ ctx, input: { attemptId, ...query } });
    return bytesResponse(slice.bytes, { headers: position(slice) });
  }
  const { generation } = query;
  const stream = await app.logs.streamLog({
    ctx,
    input: { attemptId, ...(generation === undefined ? {} : { generation }) },
  });
  return streamResponse(stream.bytes, {
    fileName: `training-${attemptId}${generation === undefined ? "" : `.generation-${generation}`}.log`,
    headers: position({ ...stream, offset: 0 }),
    signal: request.signal,
  });
});

function position(slice: {
  generation: number;
  offset: number;
  size: number;
  isComplete: boolean;
}): Record<string, string> {
  return {
    [LOG_HEADERS.generation]: String(slice.generation),
    [LOG_HEADERS.offset]: String(slice.offset),
    [LOG_HEADERS.size]: String(slice.size),
    [LOG_HEADERS.isComplete]: String(slice.isComplete),
  };
}
